import { describe, expect, it } from "vitest";
import { CLOSING_PHASE } from "../../../src/domain/model/ids.ts";
import { DIRECTORY_SYNC_ROLE } from "../../../src/domain/model/policy.ts";
import { draftPolicy, type PolicyDraft } from "../../../src/domain/policy/draft.ts";
import { groupNickname } from "../../../src/domain/policy/groups.ts";
import { type LintContext, lintPolicy } from "../../../src/domain/policy/lint.ts";
import { CUSTOMER, IT, MSP_TENANT, objectId, ROLLOUT, SALES } from "../../support/rollout-facts.ts";

const emergencyObjectIds = [objectId(1), objectId(2)];
const good = draftPolicy({
  rollout: ROLLOUT,
  phase: { id: SALES, department: "Sales", order: 1 },
  customer: CUSTOMER,
  emergencyObjectIds,
});
const context: LintContext = {
  rollout: ROLLOUT,
  phase: SALES,
  mspTenantId: MSP_TENANT,
  emergencyObjectIds,
  policyCount: 2,
};
const rulesOf = (change: Partial<PolicyDraft>, over: Partial<LintContext> = {}): readonly string[] =>
  lintPolicy({ ...good, ...change }, { ...context, ...over }).map(({ rule }) => rule);

describe("lintPolicy", () => {
  const emergency = groupNickname(ROLLOUT, "emergency");
  const exceptions = groupNickname(ROLLOUT, "exceptions");
  const broken: readonly (readonly [string, Partial<PolicyDraft>])[] = [
    ["client-app-types-empty", { clientAppTypes: [] }],
    ["client-app-types-not-all", { clientAppTypes: ["browser"] }],
    ["grant-empty", { grant: [] }],
    ["mfa-with-block", { grant: ["mfa", "block"] }],
    ["mfa-not-required", { grant: ["block"] }],
    ["display-name-length", { displayName: "x".repeat(257) }],
    ["stranger-excluded", { excludeUsers: [...good.excludeUsers, objectId(9)] }],
    ["emergency-group-missing", { excludeGroups: [exceptions] }],
    ["exceptions-group-missing", { excludeGroups: [emergency] }],
    ["sync-role-missing", { excludeRoles: [DIRECTORY_SYNC_ROLE] }],
    ["service-provider-missing", { excludeServiceProviderTenants: [] }],
    ["scope-wrong", { includeGroups: [groupNickname(ROLLOUT, IT)] }],
    ["applications-not-all", { excludeApplications: ["45a330b1-b1ec-4cc1-9161-9f03992aa49f"] }],
    ["not-report-only", { state: "enforced" }],
    ["tag-missing", { description: "Requires MFA." }],
  ];

  it("finds nothing in a good draft", () => {
    expect(rulesOf({})).toEqual([]);
  });

  it.each(broken)("%s", (rule, change) => {
    expect(rulesOf(change)).toEqual([rule]);
  });

  it("finds an empty list of applications", () => {
    expect(rulesOf({ includeApplications: [] })).toEqual(["applications-empty", "applications-not-all"]);
  });

  it("finds an emergency access account that is not excluded", () => {
    const three = { emergencyObjectIds: [...emergencyObjectIds, objectId(3)] };
    expect(rulesOf({}, three)).toEqual(["emergency-account-missing"]);
  });

  it("finds fewer than two emergency access accounts", () => {
    const one = { emergencyObjectIds: [objectId(1)] };
    expect(rulesOf({ excludeUsers: [objectId(1)] }, one)).toEqual(["emergency-accounts-too-few"]);
  });

  it("finds a closing policy that covers less than all", () => {
    expect(rulesOf({}, { phase: CLOSING_PHASE })).toContain("scope-wrong");
  });

  it("stops at the tenant's limit of policies and warns before it", () => {
    expect(rulesOf({}, { policyCount: 195 })).toEqual(["policy-limit"]);
    expect(lintPolicy(good, { ...context, policyCount: 186 })).toMatchObject([
      { rule: "policy-limit-near", severity: "warning" },
    ]);
    expect(rulesOf({}, { policyCount: null })).toEqual([]);
  });
});
