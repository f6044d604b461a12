import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverage } from "../../../src/domain/coverage/coverage.ts";
import { holdouts } from "../../../src/domain/coverage/holdouts.ts";
import { progressRows } from "../../../src/domain/coverage/progress-rows.ts";
import { CLOSING_PHASE, type PhaseId, sha256 } from "../../../src/domain/model/ids.ts";
import type { User } from "../../../src/domain/model/people.ts";
import type { PolicyState } from "../../../src/domain/model/phase.ts";
import { calendarDate, instant } from "../../../src/domain/model/time.ts";
import { draftPolicy } from "../../../src/domain/policy/draft.ts";
import type { LivePolicyRecord } from "../../../src/domain/rollout/state.ts";
import {
  account,
  CUSTOMER,
  exception,
  IT,
  livePolicy,
  objectId,
  ROLLOUT,
  rolloutState,
  roster,
  SALES,
  SETTINGS,
  user,
} from "../../support/rollout-facts.ts";

const policies = (states: Readonly<Record<string, PolicyState>>): ReadonlyMap<PhaseId, LivePolicyRecord> =>
  new Map(
    [IT, SALES, CLOSING_PHASE].flatMap((phase): [PhaseId, LivePolicyRecord][] => {
      const state = states[phase];
      const since = instant("2026-10-13T15:00:00Z");
      return state === undefined
        ? []
        : [[phase, { policyId: `id-${phase}`, draft: sha256("d"), state, since, reportOnlySince: since }]];
    }),
  );

const disabled = user(4, { account: account(4, { enabled: false }), registration: null });
const guest = user(5, { account: account(5, { kind: "guest" }), department: null, registration: null });
const unborn = user(6, { account: null, registration: null });
const departed = user(7);
const USERS: readonly User[] = [user(1), user(2, { department: "IT" }), user(3), disabled, guest, unborn, departed];
const ROSTER = roster({
  byPhase: { [SALES]: [user(1)], [IT]: [user(2, { department: "IT" })] },
  excepted: [3],
  outOfScope: [
    { user: disabled, why: "account is disabled" },
    { user: guest, why: "guest" },
    { user: unborn, why: "no account" },
    { user: departed, why: "departed" },
  ],
});
const tenant = { users: USERS, register: [exception(3)], roster: ROSTER };
const cover = (states: Readonly<Record<string, PolicyState>>) =>
  coverage({ ...tenant, state: { policies: policies(states) } });

describe("coverage", () => {
  it("accounts for every account once, whatever kind it is", () => {
    const { rows, totals } = cover({ [SALES]: "enforced", [IT]: "report_only" });
    expect(rows.map(({ upn, state }) => [upn.slice(0, 5), state])).toEqual([
      ["user1", "enforced"],
      ["user2", "report_only"],
      ["user3", "excepted"],
      ["user4", "cannot_sign_in"],
      ["user5", "not_covered"],
      ["user7", "not_covered"],
    ]);
    expect(totals).toMatchObject({ accounts: 6, guests: 1, employeesWithoutAccount: 1, not_covered: 2 });
  });

  it("covers guests and people who left by the closing policy", () => {
    const { rows } = cover({ [SALES]: "report_only", [CLOSING_PHASE]: "enforced" });
    expect(rows.filter(({ state }) => state === "enforced").map(({ objectId: id }) => id)).toEqual(
      [1, 2, 5, 7].map(objectId),
    );
  });

  it("names the exception behind a carve-out", () => {
    expect(cover({}).rows[2]?.why).toBe("Exception (service account), owner Ines Ortiz, until 2027-10-01.");
  });

  it("says that an account with a synchronisation role escapes without an exception", () => {
    const sync = user(1, { holdsDirectorySyncRole: true });
    const { rows } = coverage({ ...tenant, users: [sync], state: { policies: policies({ [SALES]: "enforced" }) } });
    expect(rows[0]).toMatchObject({ state: "not_covered", policyId: null });
  });

  it("counts an account without a registration row as not capable", () => {
    const { totals } = coverage({
      ...tenant,
      users: [user(1, { registration: null })],
      state: { policies: policies({}) },
    });
    expect(totals.capable).toBe(0);
  });

  it("believes the tenant more than the rollout's record", () => {
    const draft = draftPolicy({
      rollout: ROLLOUT,
      phase: { id: SALES, department: "Sales", order: 1 },
      customer: CUSTOMER,
      emergencyObjectIds: [],
    });
    const live = livePolicy(
      { ...draft, includeGroups: [], excludeGroups: [] },
      { id: `id-${SALES}`, state: "enforced" },
    );
    const stateOf = (livePolicies: readonly ReturnType<typeof livePolicy>[]) =>
      coverage({ ...tenant, state: { policies: policies({ [SALES]: "enforced" }) }, livePolicies }).rows[0]?.state;
    expect(stateOf([live])).toBe("enforced");
    expect(stateOf([{ ...live, state: "disabled" }])).toBe("not_covered");
    expect(stateOf([{ ...live, excludeUsers: [objectId(1)] }])).toBe("not_covered");
    expect(stateOf([])).toBe("not_covered");
  });

  it("believes the groups' members where they were read", () => {
    const stateOf = (sales: readonly number[], carvedOut: readonly number[]) =>
      coverage({
        ...tenant,
        state: { policies: policies({ [SALES]: "enforced", [CLOSING_PHASE]: "report_only" }) },
        members: {
          phases: new Map([[SALES, new Set(sales.map(objectId))]]),
          carvedOut: new Set(carvedOut.map(objectId)),
        },
      }).rows[0]?.state;
    expect(stateOf([1], [3])).toBe("enforced");
    expect(stateOf([], [3])).toBe("report_only");
    expect(stateOf([1], [1, 3])).toBe("not_covered");
  });

  it("adds up for any tenant and any policies", () => {
    const anyState = fc.constantFrom<PolicyState>("report_only", "enforced", "disabled");
    const anyUser = fc.record({
      guest: fc.boolean(),
      enabled: fc.boolean(),
      has: fc.boolean(),
      excepted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyUser, { maxLength: 20 }), anyState, anyState, (people, sales, closing) => {
        const users = people.map(({ guest: isGuest, enabled, has }, n) =>
          user(n, { account: has ? account(n, { enabled, kind: isGuest ? "guest" : "member" }) : null }),
        );
        const excepted = people.flatMap((one, n) => (one.excepted ? [n] : []));
        const { rows, totals } = coverage({
          users,
          register: excepted.map((n) => exception(n)),
          roster: roster({ byPhase: { [SALES]: users.filter((_, n) => n % 2 === 0) }, excepted }),
          state: { policies: policies({ [SALES]: sales, [CLOSING_PHASE]: closing }) },
        });
        const sum = totals.enforced + totals.excepted + totals.report_only + totals.not_covered + totals.cannot_sign_in;
        expect(sum).toBe(rows.length);
        expect(rows.length + totals.employeesWithoutAccount).toBe(users.length);
      }),
    );
  });
});

describe("holdouts", () => {
  const people = roster({
    byPhase: {
      [SALES]: [user(1), user(2, { capable: false }), user(3, { registration: null })],
      [IT]: [user(4, { capable: false })],
    },
  });
  const ask = (today: string, states: Readonly<Record<string, PolicyState>>) =>
    holdouts({
      roster: people,
      state: { ...rolloutState(), policies: policies(states) },
      settings: SETTINGS,
      today: calendarDate(today),
    }).map(({ user: { id }, phase, enforced, daysLeft }) => [id.slice(-1), phase, enforced, daysLeft]);

  it("are nobody while the deadline is far and nothing is enforced", () => {
    expect(ask("2026-10-06", { [SALES]: "report_only" })).toEqual([]);
  });

  it("are those not capable, or not reported, in an enforced phase", () => {
    expect(ask("2026-10-16", { [SALES]: "enforced" })).toEqual([
      ["2", SALES, true, 15],
      ["3", SALES, true, 15],
    ]);
  });

  it("are all of them from so many days before the deadline on", () => {
    expect(ask("2026-10-17", {}).map(([id]) => id)).toEqual(["4", "2", "3"]);
  });
});

describe("progressRows", () => {
  const rows = progressRows({
    users: [user(1), user(2, { capable: false }), user(3), user(9, { department: null })],
    roster: roster({ byPhase: { [SALES]: [user(1), user(2, { capable: false })] }, excepted: [3, 9] }),
    state: { ...rolloutState(), policies: policies({ [SALES]: "enforced" }) },
  });

  it("count each department in the order of the phases", () => {
    expect(rows.map(({ department }) => department)).toEqual(["IT", "Sales", "Everyone else", "All departments"]);
    expect(rows[1]).toMatchObject({ inScope: 2, registered: 1, capable: 1, enforced: 2, exceptions: 1 });
    expect(rows[2]).toMatchObject({ inScope: 0, exceptions: 1 });
  });

  it("end with the sum", () => {
    expect(rows[3]).toMatchObject({ inScope: 2, registered: 1, capable: 1, enforced: 2, exceptions: 2 });
  });
});
