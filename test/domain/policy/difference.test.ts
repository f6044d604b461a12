import { describe, expect, it } from "vitest";
import type { CaPolicy } from "../../../src/domain/model/policy.ts";
import { policyDifferences } from "../../../src/domain/policy/difference.ts";
import { livePolicy, objectId } from "../../support/rollout-facts.ts";

const wanted: CaPolicy = {
  displayName: "MFA rollout: Sales",
  description: "tag",
  state: "report_only",
  includeUsers: "none",
  includeGroups: [objectId(101)],
  excludeUsers: [objectId(1), objectId(2)],
  excludeGroups: [objectId(102), objectId(103)],
  excludeRoles: ["d29b2b05-8046-44ba-8758-1e26182fcf32"],
  excludeServiceProviderTenants: ["99999999-0000-4000-8000-000000000abc"],
  clientAppTypes: ["all"],
  includeApplications: "all",
  excludeApplications: [],
  grant: ["mfa"],
};

describe("policyDifferences", () => {
  it("sees none in the same policy in another order and case", () => {
    const live = livePolicy(wanted, {
      excludeUsers: [objectId(2), objectId(1)],
      excludeServiceProviderTenants: ["99999999-0000-4000-8000-000000000ABC"],
      state: "enforced",
    });
    expect(policyDifferences(wanted, live)).toEqual([]);
  });

  it("names what is missing and what is too much", () => {
    const live = livePolicy(wanted, { excludeUsers: [objectId(1), objectId(9)] });
    expect(policyDifferences(wanted, live)).toEqual([
      `excludeUsers lacks ${objectId(2)}.`,
      `excludeUsers has ${objectId(9)}, which the draft does not.`,
    ]);
  });

  it.each([
    ["displayName", { displayName: "x" }],
    ["description", { description: "x" }],
    ["includeUsers", { includeUsers: "all" }],
    ["includeGroups", { includeGroups: [] }],
    ["excludeGroups", { excludeGroups: [] }],
    ["excludeRoles", { excludeRoles: [] }],
    ["excludeServiceProviderTenants", { excludeServiceProviderTenants: [] }],
    ["clientAppTypes", { clientAppTypes: ["browser"] }],
    ["includeApplications", { includeApplications: ["00000002-0000-0ff1-ce00-000000000000"] }],
    ["excludeApplications", { excludeApplications: ["00000002-0000-0ff1-ce00-000000000000"] }],
    ["grant", { grant: ["mfa", "block"] }],
  ] as const)("sees a change of %s", (name, change) => {
    expect(policyDifferences(wanted, livePolicy(wanted, change)).join()).toContain(name);
  });

  it("compares the state only when asked", () => {
    const live = livePolicy(wanted, { state: "enforced" });
    expect(policyDifferences(wanted, live, { compareState: true })).toEqual(["state is enforced, not report_only."]);
  });

  it("reports what the live policy does beyond what we model", () => {
    expect(policyDifferences(wanted, livePolicy(wanted, { unknownParts: ["sessionControls"] }))).toEqual([
      "The live policy also sets sessionControls, which the draft does not.",
    ]);
  });
});
