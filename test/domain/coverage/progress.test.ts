import { describe, expect, it } from "vitest";
import { holdouts } from "../../../src/domain/coverage/holdouts.ts";
import { progressRows } from "../../../src/domain/coverage/progress-rows.ts";
import { CLOSING_PHASE, type PhaseId, sha256 } from "../../../src/domain/model/ids.ts";
import type { PolicyState } from "../../../src/domain/model/phase.ts";
import { calendarDate, instant } from "../../../src/domain/model/time.ts";
import type { LivePolicyRecord } from "../../../src/domain/rollout/state.ts";
import { IT, rolloutState, roster, SALES, SETTINGS, user } from "../../support/rollout-facts.ts";

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
