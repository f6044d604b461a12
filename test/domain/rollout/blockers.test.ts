import { describe, expect, it } from "vitest";
import { CLOSING_PHASE } from "../../../src/domain/model/ids.ts";
import { calendarDate, instant } from "../../../src/domain/model/time.ts";
import type { EnforcementFacts, GatedAction } from "../../../src/domain/rollout/blockers/gate.ts";
import type { RolloutState } from "../../../src/domain/rollout/state.ts";
import {
  codes,
  draftRecord,
  FACTS,
  FORESIGHT,
  finding,
  IT_ENFORCED,
  MEMBERS,
  observation,
  policyRecord,
  ROSTER,
  STATE,
  WATCHED_SINCE,
  withState,
} from "../../support/gate-question.ts";
import { CUSTOMER, rolloutState, roster, SALES, user } from "../../support/rollout-facts.ts";

describe("enforcing is open", () => {
  it("when nothing stands in the way", () => {
    expect(codes({})).toEqual([]);
  });

  it("when one look after another has covered the time without a gap", () => {
    const middle = instant("2026-10-12T00:00:00Z");
    const half = { from: WATCHED_SINCE, to: middle };
    expect(withState({ observations: [observation(half), observation({ from: middle })] })).toEqual([]);
  });

  it("with as many users not capable as the procedure allows", () => {
    const members = MEMBERS.map((member, n) => (n === 0 ? user(20, { capable: false }) : member));
    expect(codes({ roster: roster({ byPhase: { [SALES]: members }, excepted: [1, 2, 9] }) })).toEqual([]);
  });

  it("with a finding in another phase, resolved, or of an excepted account", () => {
    const findings = [finding(10), finding(20, { status: "accepted" }), finding(9)];
    expect(withState({ findings: new Map(findings.map((one, n) => [`${n}`, one])) })).toEqual([]);
  });

  it("always for a roll-back", () => {
    const action: GatedAction = { kind: "policy", phase: SALES, to: "roll_back" };
    expect(codes({ action, state: rolloutState(), roster: null, today: calendarDate("2026-10-16") })).toEqual([]);
  });
});

describe("the closing policy", () => {
  const action: GatedAction = { kind: "policy", phase: CLOSING_PHASE, to: "enforced" };
  const policies = new Map([
    [SALES, { ...policyRecord, state: "enforced" as const, since: IT_ENFORCED }],
    [CLOSING_PHASE, { ...policyRecord, state: "report_only" as const }],
  ]);
  const state: RolloutState = {
    ...STATE,
    policies,
    drafts: new Map([[CLOSING_PHASE, draftRecord()]]),
    enforcementDates: new Map([[CLOSING_PHASE, calendarDate("2026-10-15")]]),
    foresights: new Map([[CLOSING_PHASE, FORESIGHT]]),
  };
  const facts: EnforcementFacts = { ...FACTS, members: { ...FACTS.members, phase: null } };

  it("may be enforced without users of its own", () => {
    expect(codes({ action, state, facts })).toEqual([]);
  });

  it("is refused while anybody in scope was not told, whatever their phase, or was told a later date", () => {
    const sent = STATE.mails.get("announcement") ?? new Map();
    const without = new Map([...sent].filter(([id]) => id !== user(10).id));
    expect(codes({ action, state: { ...state, mails: new Map([["announcement" as const, without]]) }, facts })).toEqual(
      ["announcement_incomplete"],
    );
    const later = new Map([...sent, [user(10).id, { ...sent.get(user(10).id), date: calendarDate("2026-10-20") }]]);
    const told = { ...state, mails: new Map([["announcement" as const, later]]) };
    const late = { ...ROSTER, late: new Set([user(10).id]) };
    expect(codes({ action, state: told, facts, roster: late })).toEqual(["before_told_date"]);
  });

  it("is refused while a finding of anybody is open who is not excepted", () => {
    const withFinding = (n: number) => ({ ...state, findings: new Map([["a", finding(n)]]) });
    expect(codes({ action, state: withFinding(500), facts })).toEqual(["finding_open"]);
    expect(codes({ action, state: withFinding(9), facts })).toEqual([]);
  });
});

describe("report-only and mails", () => {
  const reportOnly: GatedAction = { kind: "policy", phase: SALES, to: "report_only" };
  const before: RolloutState = {
    ...rolloutState(),
    exceptions: STATE.exceptions,
    signoff: STATE.signoff,
    drafts: STATE.drafts,
  };

  it("need neither announcement nor evidence", () => {
    expect(codes({ action: reportOnly, state: before, facts: null })).toEqual([]);
    expect(codes({ action: { kind: "mail" }, state: before, facts: null })).toEqual([]);
  });

  it.each([reportOnly, { kind: "mail" } as const])("wait for the sign-off and a working day: %o", (action) => {
    const found = codes({
      action,
      state: { ...before, signoff: null },
      facts: null,
      today: calendarDate("2026-10-16"),
    });
    expect(found).toEqual(["signoff_missing", "frozen_day"]);
  });

  it("report-only needs two emergency access accounts and a clean draft", () => {
    const state = { ...before, drafts: new Map() };
    const customer = { ...CUSTOMER, emergencyAccess: [] };
    expect(codes({ action: reportOnly, state, customer, facts: null })).toEqual([
      "emergency_accounts_too_few",
      "draft_missing",
    ]);
  });
});
