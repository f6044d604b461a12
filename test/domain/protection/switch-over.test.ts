import { describe, expect, it } from "vitest";
import { unsignedWeaknesses } from "../../../src/cli/demo/protection.ts";
import { BRIDGES } from "../../../src/domain/model/ids.ts";
import { calendarDate } from "../../../src/domain/model/time.ts";
import { bridgeDrafts } from "../../../src/domain/policy/bridge.ts";
import { switchOver } from "../../../src/domain/protection/switch-over.ts";
import { account, CUSTOMER, IT, objectId, roster, SALES, user } from "../../support/rollout-facts.ts";

const people = [
  user(1), // registered
  user(2, { capable: false }), // not registered
  user(3, { capable: false }), // not registered, per-user MFA
  user(4), // would break
  user(5, { capable: false }), // excepted
  user(6), // emergency access
  user(7, { capable: false }), // in no phase
  user(8, { capable: false, account: account(8, { enabled: false }) }), // disabled
  user(9, { capable: false }), // synchronizes the directory
];
const change = switchOver({
  users: people,
  roster: roster({ byPhase: { [IT]: people.slice(0, 2), [SALES]: people.slice(2, 4) }, excepted: [5, 6, 9] }),
  emergency: new Set([objectId(6)]),
  directorySync: new Set([objectId(9)]),
  perUserMfa: new Map([[objectId(3), "enabled"]]),
  wouldBreak: new Set([objectId(4)]),
  latest: calendarDate("2026-10-31"),
});

describe("turning security defaults off", () => {
  it("asks those for MFA by the bridge who can answer and whom it does not break", () => {
    expect(change.bridged).toEqual([objectId(1)]);
  });

  it("names everybody who is less protected then, with why and until when", () => {
    expect(change.weaker).toEqual([
      { account: objectId(2), why: "not_registered", until: "2026-10-31" },
      { account: objectId(4), why: "would_break", until: "2026-10-31" },
      { account: objectId(5), why: "excepted", until: null },
      { account: objectId(6), why: "emergency_access", until: null },
      { account: objectId(7), why: "outside_phases", until: "2026-10-31" },
    ]);
    expect([change.accounts, change.inTheGap]).toEqual([7, 6]);
  });

  it("bars legacy authentication for excepted accounts too, and never for emergency access", () => {
    const [registered, legacy] = bridgeDrafts({
      rollout: "rol_1",
      customer: CUSTOMER,
      emergencyObjectIds: [objectId(6)],
    });
    expect(registered).toMatchObject({ id: BRIDGES.registered, draft: { state: "report_only", grant: ["mfa"] } });
    expect(legacy?.draft).toMatchObject({ includeUsers: "all", grant: ["block"], excludeUsers: [objectId(6)] });
    expect(legacy?.draft.excludeGroups).toEqual(["mfa_rol_1_emergency"]);
    expect(registered?.draft.excludeGroups).toContain("mfa_rol_1_exceptions");
  });
});

type Dump = Parameters<typeof unsignedWeaknesses>[0];
const OFF = "2026-09-22T20:00:00Z";
const minutes = (count: number): string => new Date(Date.parse(OFF) + count * 60_000).toISOString();

/** A tenant of one account, asked by defaults at first and by one policy for everybody from some minutes after. */
const tenant = (enforcedAfter: number, perUser: Dump["entra"]["perUserMfaHistory"] = []): Dump => ({
  entra: {
    policies: [
      {
        id: "p",
        displayName: "all",
        state: "enabled",
        conditions: {
          users: { includeUsers: ["All"], includeGroups: [], excludeUsers: [], excludeGroups: [], excludeRoles: [] },
          clientAppTypes: ["all"],
        },
        grantControls: { builtInControls: ["mfa"] },
      },
    ],
    policyHistory: [{ at: minutes(enforcedAfter), method: "PATCH", id: "p", body: { state: "enabled" } }],
    securityDefaultsEnabled: false,
    securityDefaultsHistory: [{ at: OFF, isEnabled: false }],
    perUserMfaHistory: perUser,
    groupHistory: [],
    groups: [],
    accessPasses: [],
    users: [
      {
        id: "a",
        userPrincipalName: "a@example.nz",
        mail: null,
        accountEnabled: true,
        roles: [],
        atStart: { accountEnabled: true, perUserMfa: "enforced", methodsRegistered: ["fido2"] },
      },
    ],
  },
  world: { timeZone: "Pacific/Auckland", exceptions: {}, neverEnrol: [] },
});
const ended = (after: number) => [{ at: minutes(after), id: "a", state: "disabled" }];
const PLAN = { gapMinutes: 15, weaker: [] };

describe("the proof that nobody is less protected than the signed plan says", () => {
  it("holds when the policy follows within the minutes of the plan", () => {
    expect(unsignedWeaknesses(tenant(10), PLAN)).toEqual([]);
  });

  it("fails when it follows later, or when nothing was signed", () => {
    const late = [{ account: "a", from: OFF, until: minutes(16), lacks: "legacy" }];
    expect(unsignedWeaknesses(tenant(16), PLAN)).toEqual(late);
    expect(unsignedWeaknesses(tenant(10), null)).toHaveLength(1);
  });

  it("fails when per-user MFA ends before the policy asks", () => {
    expect(unsignedWeaknesses(tenant(60, ended(5)), PLAN).map(({ lacks }) => lacks)).toEqual(["both"]);
    expect(unsignedWeaknesses(tenant(10, ended(20)), PLAN)).toEqual([]);
  });

  it("lets whom the plan names be asked for no MFA until the day it says, and no longer", () => {
    const named = (until: string) => ({ gapMinutes: 15, weaker: [{ account: "a", why: "not_registered", until }] });
    const lacksMfa = { ...tenant(2_000), world: tenant(0).world };
    expect(unsignedWeaknesses(lacksMfa, named("2026-09-24")).map(({ lacks }) => lacks)).toEqual(["legacy"]);
    const emergency = { gapMinutes: 15, weaker: [{ account: "a", why: "emergency_access", until: "2026-09-24" }] };
    expect(unsignedWeaknesses(lacksMfa, emergency)).toEqual([]);
    expect(
      unsignedWeaknesses(lacksMfa, {
        ...emergency,
        weaker: [{ ...emergency.weaker[0], account: "a", why: "emergency_access", until: "2026-09-23" }],
      }),
    ).toHaveLength(1);
  });
});
