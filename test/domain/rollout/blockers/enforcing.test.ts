import { describe, expect, it } from "vitest";
import type { EffectRecord } from "../../../../src/domain/model/effect.ts";
import { sha256, userIdOfAccount } from "../../../../src/domain/model/ids.ts";
import type { LintFinding } from "../../../../src/domain/model/policy.ts";
import { calendarDate, instant } from "../../../../src/domain/model/time.ts";
import { blockers } from "../../../../src/domain/rollout/blockers.ts";
import {
  blockedIn,
  codes,
  draftRecord,
  FACTS,
  finding,
  ids,
  MEMBERS,
  NOW,
  observation,
  policiesWith,
  policyRecord,
  QUESTION,
  ROSTER,
  STATE,
  WANTED,
  WATCHED_SINCE,
  withFacts,
  withLive,
  withMembers,
  withOther,
  withState,
} from "../../../support/gate-question.ts";
import {
  CUSTOMER,
  IT,
  livePolicy,
  objectId,
  rolloutState,
  roster,
  SALES,
  user,
} from "../../../support/rollout-facts.ts";

describe("enforcing is refused", () => {
  it("while exceptions are not classified", () => {
    expect(withState({ exceptions: null })).toEqual(["exceptions_missing"]);
  });

  it("while exceptions are not signed off", () => {
    expect(withState({ signoff: null })).toEqual(["signoff_missing"]);
  });

  it("when exceptions changed after the sign-off", () => {
    const signoff = STATE.signoff === null ? null : { ...STATE.signoff, table: sha256("9".repeat(64)) };
    expect(withState({ signoff })).toEqual(["signoff_outdated"]);
  });

  it("when exceptions were made from an older list", () => {
    const exceptions = STATE.exceptions === null ? null : { ...STATE.exceptions, list: sha256("8".repeat(64)) };
    expect(withState({ exceptions })).toEqual(["exceptions_outdated"]);
  });

  it("on a frozen day, until the next working day begins at the customer's", () => {
    const [blocker, ...more] = blockers({ ...QUESTION, today: calendarDate("2026-10-16") });
    expect(more).toEqual([]);
    expect(blocker).toMatchObject({ code: "frozen_day", who: "wait", until: "2026-10-19T05:00:00.000Z" });
  });

  it("with fewer than two emergency access accounts configured", () => {
    const customer = { ...CUSTOMER, emergencyAccess: CUSTOMER.emergencyAccess.slice(0, 1) };
    expect(codes({ customer })).toEqual(["emergency_accounts_too_few"]);
  });

  it("without a draft", () => {
    expect(withState({ drafts: new Map() })).toEqual(["draft_missing"]);
  });

  it("with a draft that breaks a rule, not with one that is only warned about", () => {
    const lint = (severity: LintFinding["severity"]) => [{ rule: "policy-limit", severity, message: "" }];
    expect(withState({ drafts: new Map([[SALES, draftRecord({ lint: lint("error") })]]) })).toEqual(["lint_errors"]);
    expect(withState({ drafts: new Map([[SALES, draftRecord({ lint: lint("warning") })]]) })).toEqual([]);
  });

  it("when the policy was drafted anew after it went live", () => {
    const drafts = new Map([[SALES, draftRecord({ draft: sha256("4".repeat(64)) })]]);
    expect(withState({ drafts })).toEqual(["policy_redrafted"]);
  });

  it("before there is a list of users", () => {
    expect(codes({ roster: null })).toEqual(["users_missing"]);
  });

  it("of a phase without users", () => {
    const nobody = {
      roster: roster({ excepted: [1, 2, 9] }),
      facts: { ...FACTS, members: { ...FACTS.members, phase: ids() } },
    };
    expect(codes(nobody)).toEqual(["phase_empty"]);
  });

  it("while a user of the phase has not been sent the announcement", () => {
    const told = [...(STATE.mails.get("announcement") ?? [])];
    const sent = new Map(told.filter(([id]) => id !== userIdOfAccount(objectId(20))));
    const [blocker, ...more] = blockers({ ...QUESTION, state: { ...STATE, mails: new Map([["announcement", sent]]) } });
    expect(more).toEqual([]);
    expect(blocker).toMatchObject({ code: "announcement_incomplete", evidence: [userIdOfAccount(objectId(20))] });
    expect(blocker?.message).toContain("1 of 10 users");
  });

  it("while everybody of the phase was told a later date, and not for those who were", () => {
    const told = STATE.mails.get("announcement") ?? new Map();
    const later = (numbers: readonly number[]) => {
      const late = new Set(numbers.map((n) => user(n).id));
      const announcement = new Map(
        [...told].map(([id, mail]) => [id, late.has(id) ? { ...mail, date: calendarDate("2026-10-20") } : mail]),
      );
      return codes({
        roster: { ...ROSTER, late },
        state: { ...STATE, mails: new Map([["announcement" as const, announcement]]) },
      });
    };
    expect(later(MEMBERS.map((_, n) => 20 + n))).toEqual(["before_told_date"]);
    expect(later([20])).toEqual([]);
  });

  it("without an announced date, and before it", () => {
    expect(withState({ enforcementDates: new Map() })).toEqual(["date_missing"]);
    expect(withState({ enforcementDates: new Map([[SALES, calendarDate("2026-10-19")]]) })).toEqual(["before_date"]);
  });

  it("while somebody has switched the policy, unless it was us a moment ago", () => {
    expect(withLive({ state: "enforced" })).toEqual(["policy_state_differs"]);
    const policies = policiesWith(SALES, { ...policyRecord, state: "report_only", since: NOW });
    const facts = { ...FACTS, live: livePolicy(WANTED, { state: "enforced" }) };
    expect(codes({ state: { ...STATE, policies }, facts })).toContain("policy_settling");
  });

  it("not by a switch of our own that was begun and whose end a crash kept from the ledger", () => {
    const facts = { ...FACTS, live: livePolicy(WANTED, { state: "enforced" }) };
    const begun = (over: Partial<EffectRecord>) => {
      const subject = { kind: "policy_state", phase: SALES, state: "enforced" } as const;
      const record = { key: "k", subject, plan: null, noted: {}, outcome: {}, at: NOW, check: null } as const;
      const effects = new Map([["k", { ...record, status: "intended", ...over } as const]]);
      return codes({ state: { ...STATE, effects }, facts });
    };
    expect(begun({})).toEqual([]);
    expect(begun({ status: "unknown" })).toEqual([]);
    expect(begun({ status: "done" })).toEqual(["policy_state_differs"]);
    expect(begun({ subject: { kind: "policy_state", phase: IT, state: "enforced" } })).toEqual([
      "policy_state_differs",
    ]);
    expect(begun({ subject: { kind: "policy_state", phase: SALES, state: "disabled" } })).toEqual([
      "policy_state_differs",
    ]);
  });

  it("while somebody has changed another policy of the rollout, unless it was us a moment ago", () => {
    expect(withOther({})).toEqual([]);
    expect(withOther(null)).toEqual(["other_policy_differs"]);
    expect(withOther({ excludeApplications: ["app"] })).toEqual(["other_policy_differs"]);
    expect(withOther({ state: "report_only" })).toEqual(["other_policy_differs"]);
    const justNow = { ...policyRecord, policyId: "policy-0", since: NOW };
    const policies = policiesWith(IT, { ...justNow, state: "report_only" });
    expect(codes({ state: { ...STATE, policies } })).toContain("policy_settling");
    const bridges = new Map([[IT, { ...justNow, state: "report_only" as const, since: STATE.startedAt }]]);
    const onlySales = new Map([...STATE.policies].filter(([phase]) => phase !== IT));
    expect(codes({ state: { ...STATE, policies: onlySales, bridges } })).toContain("other_policy_differs");
  });

  it("while the policy is not report-only", () => {
    const policies = policiesWith(SALES, { ...policyRecord, state: "disabled" });
    const facts = { ...FACTS, live: livePolicy(WANTED, { state: "disabled" }) };
    expect(codes({ state: { ...STATE, policies }, facts })).toEqual(["not_report_only"]);
  });

  it("while the policy has been report-only for too short a time", () => {
    const reportOnlySince = instant("2026-10-14T15:00:01Z");
    const policies = policiesWith(SALES, {
      ...policyRecord,
      state: "report_only",
      since: reportOnlySince,
      reportOnlySince,
    });
    expect(withState({ policies })).toEqual(["report_only_too_short", "observation_incomplete"]);
  });

  it("when the report-only time was not read whole", () => {
    const gap = [
      observation({ to: instant("2026-10-09T14:59:00Z") }),
      observation({ from: instant("2026-10-09T15:30:00Z") }),
    ];
    expect(withState({ observations: gap })).toEqual(["observation_incomplete"]);
  });

  it("when a look was incomplete", () => {
    const looks = [observation({ complete: false }), observation({ from: instant("2026-10-14T14:00:00Z") })];
    expect(withState({ observations: looks })).toEqual(["observation_incomplete"]);
  });

  it("when the evidence is too old", () => {
    const to = instant("2026-10-14T14:59:59Z");
    const policies = policiesWith(IT, { ...policyRecord, state: "enforced", since: WATCHED_SINCE });
    expect(withState({ observations: [observation({ to })], policies })).toEqual(["observation_outdated"]);
  });

  it("while a finding of the phase is open", () => {
    expect(withState({ findings: new Map([["a", finding(25)]]) })).toEqual(["finding_open"]);
  });

  it("with more users not capable than allowed, unknown ones included", () => {
    const members = MEMBERS.map((member, n) => {
      if (n === 0) return user(20, { capable: false });
      return n === 1 ? user(21, { registration: null }) : member;
    });
    const [blocker, ...more] = blockers({
      ...QUESTION,
      roster: roster({ byPhase: { [SALES]: members }, excepted: [1, 2, 9] }),
    });
    expect(more).toEqual([]);
    expect(blocker).toMatchObject({ code: "too_many_not_capable", who: "customer" });
    expect(blocker?.evidence).toEqual([20, 21].map((n) => userIdOfAccount(objectId(n))));
  });

  it.each([
    ["previous_not_enforced", { ...policyRecord, state: "report_only" }],
    ["previous_not_judged", { ...policyRecord, state: "enforced", since: instant("2026-10-14T15:00:01Z") }],
  ] as const)("%s", (code, record) => {
    const state = { ...STATE, policies: policiesWith(IT, record) };
    expect(codes({ state, facts: { ...FACTS, others: new Map() } })).toEqual([code]);
  });

  it("when the sign-ins since the previous enforcement were not read", () => {
    const observations = [observation({ to: instant("2026-10-15T13:59:00Z") })];
    expect(withState({ observations })).toEqual(["previous_not_judged"]);
  });

  it("when the previous phase has more blocked users than allowed, over all looks since", () => {
    const first = observation({ to: instant("2026-10-14T20:00:00Z"), phases: blockedIn(IT, 10, 11) });
    const second = observation({ from: instant("2026-10-14T19:30:00Z"), phases: blockedIn(IT, 11, 12) });
    expect(withState({ observations: [first, second] })).toEqual(["previous_failed"]);
    expect(withState({ observations: [first, { ...second, phases: blockedIn(IT, 11) }] })).toEqual([]);
  });

  it("no longer for blocks of the previous phase that nobody has met for a day", () => {
    const policies = policiesWith(IT, { ...policyRecord, state: "enforced", since: WATCHED_SINCE });
    const early = observation({ to: instant("2026-10-14T14:59:00Z"), phases: blockedIn(IT, 10, 11, 12) });
    const late = observation({ from: instant("2026-10-14T14:29:00Z") });
    expect(withState({ policies, observations: [early, late] })).toEqual([]);
    expect(withState({ policies, observations: [{ ...early, to: NOW }] })).toEqual(["previous_failed"]);
  });

  it("without a premium licence", () => {
    expect(withFacts({ hasEntraPremium: false })).toEqual(["no_premium_licence"]);
  });

  it("while security defaults are on", () => {
    expect(withFacts({ securityDefaultsEnabled: true })).toEqual(["security_defaults_on"]);
  });

  it("when the live policy differs from the approved draft", () => {
    expect(withLive({ excludeApplications: ["app"] })).toEqual(["policy_differs"]);
    expect(withFacts({ wanted: null })).toEqual(["group_missing"]);
  });

  it("when the live policy cannot be read", () => {
    expect(withFacts({ live: null })).toEqual([
      "policy_unreadable",
      "emergency_accounts_not_excluded",
      "service_provider_not_excluded",
    ]);
  });

  it("when the live policy excludes fewer than two emergency access accounts, whatever was approved", () => {
    const excludeUsers = [objectId(1)];
    const facts = { live: livePolicy(WANTED, { excludeUsers }), wanted: { ...WANTED, excludeUsers } };
    expect(withFacts(facts)).toEqual(["emergency_accounts_not_excluded"]);
  });

  it("when the service provider's technicians would be blocked, whatever was approved", () => {
    const none = { excludeServiceProviderTenants: [] };
    expect(withFacts({ live: livePolicy(WANTED, none), wanted: { ...WANTED, ...none } })).toEqual([
      "service_provider_not_excluded",
    ]);
  });

  it("when the phase's group lacks a user or has a stranger", () => {
    const members = [...(FACTS.members.phase ?? [])];
    expect(withMembers({ phase: new Set(members.slice(1)) })).toEqual(["phase_group_differs"]);
    expect(withMembers({ phase: new Set([...members, objectId(99)]) })).toEqual(["phase_group_differs"]);
  });

  it("when the exceptions group is not the register", () => {
    expect(withMembers({ exceptions: ids() })).toEqual(["exceptions_group_differs"]);
    expect(withMembers({ exceptions: ids(9, 99) })).toEqual(["exceptions_group_differs"]);
  });

  it("when somebody else is in the emergency access group", () => {
    expect(withMembers({ emergency: ids(1, 2, 99) })).toEqual(["emergency_group_differs"]);
  });

  it("with every reason at once, for a rollout that has only begun", () => {
    expect(codes({ state: rolloutState(), roster: null, facts: null }).length).toBeGreaterThan(5);
  });
});
