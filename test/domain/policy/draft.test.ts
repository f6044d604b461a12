import { describe, expect, it } from "vitest";
import { CLOSING_PHASE, type EntraObjectId, phaseId } from "../../../src/domain/model/ids.ts";
import { draftPolicy, policyTag } from "../../../src/domain/policy/draft.ts";
import { groupNickname, wantedMembers } from "../../../src/domain/policy/groups.ts";
import { lintPolicy } from "../../../src/domain/policy/lint.ts";
import { resolveDraft } from "../../../src/domain/policy/resolve.ts";
import { CUSTOMER, MSP_TENANT, objectId, ROLLOUT, roster, SALES, user } from "../../support/rollout-facts.ts";

const emergencyObjectIds = [objectId(2), objectId(1)];
const draftFor = (closing: boolean) =>
  draftPolicy({
    rollout: ROLLOUT,
    phase: closing ? { id: CLOSING_PHASE, department: null, order: 2 } : { id: SALES, department: "Sales", order: 1 },
    customer: CUSTOMER,
    emergencyObjectIds,
  });

describe("draftPolicy", () => {
  it("demands MFA of the phase's group and leaves out everybody who must stay out", () => {
    expect(draftFor(false)).toMatchObject({
      state: "report_only",
      includeUsers: "none",
      includeGroups: ["mfa_rol_larkfield_202610_ab12_phase_sales"],
      excludeUsers: [objectId(1), objectId(2)],
      excludeGroups: ["mfa_rol_larkfield_202610_ab12_emergency", "mfa_rol_larkfield_202610_ab12_exceptions"],
      excludeRoles: ["d29b2b05-8046-44ba-8758-1e26182fcf32", "a92aed5d-d78a-4d16-b381-09adb37eb3b0"],
      excludeServiceProviderTenants: [MSP_TENANT],
      clientAppTypes: ["all"],
      includeApplications: "all",
      excludeApplications: [],
      grant: ["mfa"],
    });
  });

  it("covers all users in the closing phase", () => {
    expect(draftFor(true)).toMatchObject({ includeUsers: "all", includeGroups: [] });
  });

  it("carries the tag and says what it does not cover", () => {
    const { description } = draftFor(false);
    expect(description).toContain("[mfa-rollout:rol_larkfield_202610_ab12:phase_sales]");
    expect(description).toContain("Service principals");
  });

  it.each([false, true])("passes its own lint (closing: %s)", (closing) => {
    const phase = closing ? CLOSING_PHASE : SALES;
    const context = { rollout: ROLLOUT, phase, mspTenantId: MSP_TENANT, emergencyObjectIds, policyCount: 2 };
    expect(lintPolicy(draftFor(closing), context)).toEqual([]);
  });
});

describe("resolveDraft", () => {
  const ids = new Map<string, EntraObjectId>([
    [groupNickname(ROLLOUT, SALES), objectId(101)],
    [groupNickname(ROLLOUT, "emergency"), objectId(103)],
    [groupNickname(ROLLOUT, "exceptions"), objectId(102)],
  ]);

  it("puts ids in place of nicknames", () => {
    expect(resolveDraft(draftFor(false), ids)).toMatchObject({
      includeGroups: [objectId(101)],
      excludeGroups: [objectId(102), objectId(103)],
    });
  });

  it("names the groups it lacks and makes no policy", () => {
    const without = new Map([...ids].filter(([nickname]) => nickname !== groupNickname(ROLLOUT, "exceptions")));
    expect(resolveDraft(draftFor(false), without)).toEqual({ missing: ["mfa_rol_larkfield_202610_ab12_exceptions"] });
  });
});

describe("groupNickname", () => {
  it("keeps to 64 plain characters and stays unique", () => {
    const long = "rol_a_customer_with_a_very_long_name_that_goes_on_202610_ab12";
    const purposes = ["営業", "製造", "Research & Development of Things", "Research & Development of Thinks"].map(
      phaseId,
    );
    const nicknames = purposes.flatMap((purpose) => [groupNickname(ROLLOUT, purpose), groupNickname(long, purpose)]);
    expect(new Set(nicknames).size).toBe(nicknames.length);
    for (const nickname of nicknames) expect(nickname).toMatch(/^[a-z0-9_-]{1,64}$/);
  });

  it("tells a department called emergency from the emergency group", () => {
    expect(groupNickname(ROLLOUT, phaseId("Emergency"))).not.toBe(groupNickname(ROLLOUT, "emergency"));
  });
});

describe("wantedMembers", () => {
  const people = {
    roster: roster({ byPhase: { [SALES]: [user(5)] }, excepted: [1, 2, 9] }),
    emergency: emergencyObjectIds,
  };

  it("puts each account into one group", () => {
    expect([...wantedMembers(SALES, people)]).toEqual([objectId(5)]);
    expect([...wantedMembers("exceptions", people)]).toEqual([objectId(9)]);
    expect([...wantedMembers("emergency", people)]).toEqual([objectId(2), objectId(1)]);
  });

  const waiting = (over: Parameters<typeof roster>[0]) =>
    roster({ byPhase: { [SALES]: [user(5), user(6), user(7)] }, late: [6, 7], later: [7], returning: [6], ...over });

  it.each([
    ["before the enforcement without who was told a later date", {}, [5, 6]],
    [
      "before the enforcement with all when all were told a later date",
      { late: [5, 6, 7], later: [5, 6, 7] },
      [5, 6, 7],
    ],
    ["once enforced without whom enforcement waits for", { enforced: [SALES] }, [5]],
  ])("fills a phase's group %s", (_, over, expected) => {
    expect([...wantedMembers(SALES, { roster: waiting(over), emergency: [] })]).toEqual(expected.map(objectId));
  });

  it("spares whose exception has ended until their date, once the closing policy covers them", () => {
    const spared = (over: object) => [...wantedMembers("exceptions", { roster: waiting(over), emergency: [] })];
    expect(spared({ enforced: [SALES] })).toEqual([]);
    expect(spared({ enforced: [CLOSING_PHASE] })).toEqual([objectId(6)]);
  });
});

describe("policyTag", () => {
  it("differs between phases", () => {
    expect(policyTag(ROLLOUT, SALES)).not.toBe(policyTag(ROLLOUT, CLOSING_PHASE));
  });
});
