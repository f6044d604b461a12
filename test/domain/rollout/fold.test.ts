import { describe, expect, it } from "vitest";
import type { EffectSubject } from "../../../src/domain/model/effect.ts";
import { entraObjectId, phaseId, sha256, userIdOfAccount, userPrincipalName } from "../../../src/domain/model/ids.ts";
import type { Approval, Json } from "../../../src/domain/model/plan.ts";
import type { Finding } from "../../../src/domain/model/signin.ts";
import { calendarDate, type Instant } from "../../../src/domain/model/time.ts";
import type { RolloutEvent } from "../../../src/domain/rollout/events.ts";
import { apply, foldEntries } from "../../../src/domain/rollout/fold.ts";
import { entriesOf, minute, ROLLOUT, started } from "../../support/data-directory.ts";

const IT = phaseId("IT");
const ADA = userIdOfAccount(entraObjectId("11111111-1111-4111-8111-111111111111"));
const PLAN_A = sha256("a1".repeat(32));
const PLAN_B = sha256("b2".repeat(32));
const TEXTS = sha256("c3".repeat(32));

const fold = (...events: readonly RolloutEvent[]) => foldEntries(entriesOf(started(), ...events));

const done = (
  key: string,
  subject: EffectSubject,
  { outcome = {}, plan = PLAN_A }: { outcome?: { [name: string]: Json }; plan?: typeof PLAN_A } = {},
): readonly RolloutEvent[] => [
  { type: "effect_intended", data: { key, plan, subject } },
  { type: "effect_done", data: { key, outcome, found: false } },
];

const proposed = (
  digest: typeof PLAN_A,
  over: { argsKey?: string; standing?: { textsHash: typeof TEXTS; count: number } } = {},
): RolloutEvent => ({
  type: "plan_proposed",
  data: { digest, tool: "send_phase_email", argsKey: "{}", title: "Announcement", standing: null, ...over },
});

const approval = (over: Partial<Approval> = {}): Approval => ({
  kind: "plan",
  rollout: ROLLOUT,
  digest: PLAN_A,
  approver: "Robin",
  at: minute(60),
  terms: null,
  note: "",
  signature: `signature ${over.kind} ${over.at}`,
  ...over,
});
const signed = (over: Partial<Approval> = {}): RolloutEvent => ({
  type: "approval_signed",
  data: { approval: approval(over) },
});
const denied = (over: Partial<Approval> = {}): RolloutEvent => ({
  type: "approval_denied",
  data: { approval: approval({ kind: "denial", ...over }) },
});

describe("the fold", () => {
  it("begins with the rollout's own facts and keeps the head of the chain", () => {
    const [first, second] = entriesOf(started(), {
      type: "step_done",
      data: { tool: "t", argsKey: "{}", summary: "" },
    });
    expect(fold()).toMatchObject({
      id: ROLLOUT,
      customer: "larkfield",
      startedAt: minute(0),
      seq: 1,
      head: first?.hash,
    });
    expect(foldEntries([first, second].filter((entry) => entry !== undefined))).toMatchObject({
      seq: 2,
      head: second?.hash,
      lastAt: minute(1),
    });
  });

  it("refuses entries that do not begin with the rollout's start", () => {
    expect(() => foldEntries(entriesOf(proposed(PLAN_A)))).toThrow(RangeError);
    expect(() => foldEntries([])).toThrow(RangeError);
  });

  it("keeps every time a step was done and forgets its pause", () => {
    const step = { tool: "send_phase_email", argsKey: "{}" };
    const state = fold(
      { type: "step_done", data: { ...step, summary: "" } },
      { type: "step_paused", data: { ...step, until: minute(90) } },
      { type: "step_done", data: { ...step, summary: "" } },
    );
    expect(state.stepsDone.get("send_phase_email {}")).toEqual([minute(1), minute(3)]);
    expect(state.paused.size).toBe(0);
  });

  it("takes a step of constant cost for each of many effects", () => {
    const events = Array.from({ length: 20_000 }, (_, n) =>
      done(`k${n}`, { kind: "ticket_reply", ticketId: `${n}` }),
    ).flat();
    expect(fold(...events).answeredTickets.size).toBe(20_000);
  }, 5_000);

  it("takes the sign-off of this rollout only", () => {
    const table = sha256("d4".repeat(32));
    const signoff = (rollout: string): RolloutEvent => ({
      type: "signoff_recorded",
      data: { approval: approval({ kind: "signoff", digest: table, rollout }), contact: "Morgan" },
    });
    expect(fold(signoff("rol_other")).signoff).toBeNull();
    expect(fold(signoff(ROLLOUT)).signoff).toMatchObject({ table, contact: "Morgan", at: minute(1) });
  });
});

describe("effects in the fold", () => {
  it("show what they made", () => {
    const state = fold(
      ...done("m", { kind: "mail", mail: "announcement", phase: IT, userId: ADA, managerCopied: true }),
      ...done("g", { kind: "group", nickname: "grp" }, { outcome: { groupId: "g-1" } }),
      ...done("gm", { kind: "group_members", nickname: "grp", fingerprint: "f00" }),
      ...done("t", { kind: "ticket_reply", ticketId: "77" }),
      ...done("d", { kind: "dashboard", afterPhase: IT, snapshotId: "snap-1" }),
    );
    expect(state.mails.get("announcement")?.get(ADA)).toEqual({ phase: IT, at: minute(2), managerCopied: true });
    expect(state.groups.get("grp")).toBe("g-1");
    expect(state.groupMembers.get("grp")).toBe("f00");
    expect(state.answeredTickets.has("77")).toBe(true);
    expect(state.snapshots.get(IT)).toEqual({ snapshotId: "snap-1", at: minute(10) });
  });

  it("count for nothing before they are done", () => {
    const subject = { kind: "mail", mail: "announcement", phase: IT, userId: ADA, managerCopied: true } as const;
    const state = fold(
      { type: "effect_intended", data: { key: "m", plan: PLAN_A, subject } },
      { type: "effect_noted", data: { key: "m", note: { draftId: "r1" } } },
      { type: "effect_unknown", data: { key: "m", check: "Look at the sent mails." } },
    );
    expect(state.mails.size).toBe(0);
    expect(state.effects.get("m")).toMatchObject({
      status: "unknown",
      noted: { draftId: "r1" },
      check: "Look at the sent mails.",
    });
  });

  it("keep their notes over a second attempt, and their first outcome for ever", () => {
    const subject = { kind: "psa_project" } as const;
    const state = fold(
      { type: "effect_intended", data: { key: "p", plan: PLAN_A, subject } },
      { type: "effect_noted", data: { key: "p", note: { id: 1 } } },
      { type: "effect_intended", data: { key: "p", plan: PLAN_B, subject } },
      { type: "effect_done", data: { key: "p", outcome: { n: 1 }, found: true } },
      { type: "effect_done", data: { key: "p", outcome: { n: 2 }, found: false } },
      { type: "effect_intended", data: { key: "p", plan: PLAN_A, subject } },
    );
    expect(state.effects.get("p")).toMatchObject({ status: "done", plan: PLAN_B, noted: { id: 1 }, outcome: { n: 1 } });
  });

  it("count the report-only window from its first beginning, roll-backs included", () => {
    const move = (key: string, to: "enforced" | "report_only") =>
      done(key, { kind: "policy_state", phase: IT, state: to });
    const state = fold(
      ...done(
        "p",
        { kind: "policy", phase: IT, draft: PLAN_B },
        { outcome: { policyId: "pol-1", state: "report_only" } },
      ),
      ...move("s1", "enforced"),
      ...move("s2", "report_only"),
    );
    expect(state.policies.get(IT)).toEqual({
      policyId: "pol-1",
      draft: PLAN_B,
      state: "report_only",
      since: minute(6),
      reportOnlySince: minute(2),
    });
  });
});

describe("another plan's attempt at the same change", () => {
  const subject = (date: string): EffectSubject => ({
    ...{ kind: "mail", mail: "announcement", phase: IT, userId: ADA, managerCopied: true },
    date: calendarDate(date),
  });
  const intended = (plan: typeof PLAN_A, date: string): RolloutEvent => ({
    type: "effect_intended",
    data: { key: "k", plan, subject: subject(date) },
  });
  const noted: RolloutEvent = { type: "effect_noted", data: { key: "k", note: { draftId: "d1" } } };
  const first = [intended(PLAN_A, "2026-10-14"), noted];

  it("goes on with the draft that may have left, which tells its own date", () => {
    const effect = fold(...first, intended(PLAN_B, "2026-10-19")).effects.get("k");
    expect(effect).toMatchObject({ plan: PLAN_B, noted: { draftId: "d1" }, subject: { date: "2026-10-14" } });
  });

  it("begins anew where the first is known to have changed nothing, or noted nothing", () => {
    const failed: RolloutEvent = { type: "effect_failed", data: { key: "k" } };
    const anew = { noted: {}, date: "2026-10-19" };
    const attempt = (...events: readonly RolloutEvent[]) => {
      const { noted, subject } = fold(...events).effects.get("k") ?? {};
      return { noted, date: subject?.kind === "mail" ? subject.date : null };
    };
    expect(attempt(...first, failed, intended(PLAN_B, "2026-10-19"))).toEqual(anew);
    expect(attempt(intended(PLAN_A, "2026-10-14"), intended(PLAN_B, "2026-10-19"))).toEqual(anew);
    expect(attempt(...first, failed, intended(PLAN_A, "2026-10-14")).noted).toEqual({ draftId: "d1" });
  });
});

describe("a roll-back in the fold", () => {
  const plan = (digest: typeof PLAN_A, args: object): RolloutEvent => ({
    type: "plan_proposed",
    data: { digest, tool: "apply_ca_policy", argsKey: JSON.stringify(args), title: "Move", standing: null },
  });
  const members: EffectSubject = { kind: "group_members", nickname: "mfa_it", fingerprint: "1:a" };
  const enforcing: RolloutEvent = {
    type: "effect_intended",
    data: { key: "enforced", plan: PLAN_A, subject: { kind: "policy_state", phase: IT, state: "enforced" } },
  };
  const rolledBack = done("back", { kind: "policy_state", phase: IT, state: "report_only" }, { plan: PLAN_B });
  const other = { phase: "phase_sales", state: "enforced" };

  it("ends an enforcement that was cut off, so that it needs another signature", () => {
    const state = fold(
      plan(PLAN_A, { phase: IT, state: "enforced" }),
      signed(),
      ...done("members", members),
      enforcing,
      plan(PLAN_B, { phase: IT, state: "roll_back" }),
      plan(TEXTS, other),
      ...rolledBack,
    );
    expect(state.plans.get(PLAN_A)?.status).toBe("superseded");
    expect(state.approvals.has(PLAN_A)).toBe(false);
    expect(state.effects.has("enforced")).toBe(false);
    expect(state.plans.get(PLAN_B)?.status).toBe("proposed");
    expect(state.plans.get(TEXTS)?.status, "another phase's stays").toBe("proposed");
  });

  it("leaves what was signed for one user alone", () => {
    const state = fold(plan(PLAN_A, { phase: IT, state: "roll_back", user_id: ADA }), signed(), ...rolledBack);
    expect(state.plans.get(PLAN_A)?.status).toBe("approved");
  });
});

describe("plans in the fold", () => {
  it("give way to a newer one of the same tool and arguments, with their signature", () => {
    const state = fold(proposed(PLAN_A), signed(), proposed(PLAN_B));
    expect(state.plans.get(PLAN_A)?.status).toBe("superseded");
    expect(state.approvals.has(PLAN_A)).toBe(false);
    expect(state.plans.get(PLAN_B)?.status).toBe("proposed");
  });

  it("stay when the newer one has other arguments, or when their effects have begun", () => {
    expect(fold(proposed(PLAN_A), proposed(PLAN_B, { argsKey: "{1}" })).plans.get(PLAN_A)?.status).toBe("proposed");
    const begun = fold(proposed(PLAN_A), signed(), ...done("k", { kind: "psa_project" }), proposed(PLAN_B));
    expect(begun.plans.get(PLAN_A)?.status).toBe("approved");
    expect(begun.approvals.has(PLAN_A)).toBe(true);
  });

  it("need a new signature when they come back after having been superseded", () => {
    const back = [proposed(PLAN_A), signed({ at: minute(1) }), proposed(PLAN_B), proposed(PLAN_A)];
    expect(fold(...back, signed({ at: minute(1) })).plans.get(PLAN_A)?.status).toBe("proposed");
    expect(fold(...back, signed({ at: minute(9) })).plans.get(PLAN_A)?.status).toBe("approved");
  });

  it.each([
    ["another rollout", signed({ rollout: "rol_other" })],
    ["another plan", signed({ digest: PLAN_B })],
    ["another kind of decision", signed({ kind: "signoff" })],
  ])("are not approved by a signature for %s", (_, event) => {
    const state = fold(proposed(PLAN_A), event);
    expect(state.plans.get(PLAN_A)?.status).toBe("proposed");
    expect(state.approvals.size).toBe(0);
  });

  it("follow the latest decision, never an old signature put in again", () => {
    const state = fold(
      proposed(PLAN_A),
      signed({ at: minute(2) }),
      denied({ at: minute(3), note: "no" }),
      signed({ at: minute(2) }),
    );
    expect(state.plans.get(PLAN_A)?.status).toBe("denied");
    expect(state.approvals.get(PLAN_A)).toMatchObject({ kind: "denial", note: "no" });
  });

  it("stay completed when they are proposed again", () => {
    const state = fold(
      proposed(PLAN_A),
      signed(),
      { type: "plan_completed", data: { digest: PLAN_A } },
      proposed(PLAN_A),
    );
    expect(state.plans.get(PLAN_A)?.status).toBe("completed");
  });

  it("use up a standing approval once each", () => {
    const terms = {
      tool: "answer_mfa_tickets",
      textsHash: TEXTS,
      largestCount: 5,
      until: calendarDate("2026-10-30"),
    } as const;
    const standing = signed({ kind: "standing", digest: TEXTS, terms });
    const used = (plan: typeof PLAN_A): RolloutEvent => ({
      type: "standing_used",
      data: { terms: TEXTS, plan, count: 3 },
    });
    const state = fold(
      standing,
      standing,
      proposed(PLAN_A, { standing: { textsHash: TEXTS, count: 3 } }),
      used(PLAN_A),
      used(PLAN_A),
      used(PLAN_B),
    );
    expect(state.standing).toHaveLength(1);
    expect(state.standing[0]).toMatchObject({ used: 3, plans: new Set([PLAN_A]) });
    expect(state.plans.get(PLAN_A)?.status).toBe("approved");
  });
});

describe("findings in the fold", () => {
  const finding = (lastSeen: Instant, over: Partial<Finding> = {}): Finding => ({
    id: "fnd_1",
    cause: "legacy_protocol",
    objectId: entraObjectId("22222222-2222-4222-8222-222222222222"),
    upn: userPrincipalName("scanner@larkfieldfoods.com"),
    clientApp: "Authenticated SMTP",
    appName: "Office 365 Exchange Online",
    count: 2,
    firstSeen: minute(-60),
    lastSeen,
    remedy: "",
    ...over,
  });
  const observed = (...findings: readonly Finding[]): RolloutEvent => ({
    type: "signins_observed",
    data: {
      from: minute(-90),
      to: minute(0),
      count: 9,
      interactive: 9,
      complete: true,
      phases: [],
      findings,
      sources: [],
      evidence: PLAN_A,
    },
  });
  const resolved = (resolution: "remediated" | "accepted"): RolloutEvent => ({
    type: "finding_resolved",
    data: { findingId: "fnd_1", resolution, by: "Robin", why: "scanner replaced" },
  });

  it("are open until resolved, with the latest count and the widest span", () => {
    const state = fold(
      observed(finding(minute(-9))),
      observed(finding(minute(-5), { count: 7, firstSeen: minute(-50) })),
    );
    expect(state.findings.get("fnd_1")).toMatchObject({
      status: "open",
      count: 7,
      firstSeen: minute(-60),
      lastSeen: minute(-5),
    });
    expect(state.observations).toHaveLength(2);
  });

  it("open again when what was remediated happens after that, and not for what happened before", () => {
    const events = [observed(finding(minute(-9))), resolved("remediated")];
    expect(fold(...events, observed(finding(minute(2)))).findings.get("fnd_1")?.status).toBe("remediated");
    expect(fold(...events, observed(finding(minute(3)))).findings.get("fnd_1")).toMatchObject({
      status: "open",
      resolvedBy: null,
      why: null,
    });
  });

  it("stay accepted when seen again", () => {
    const state = fold(observed(finding(minute(-9))), resolved("accepted"), observed(finding(minute(30))));
    expect(state.findings.get("fnd_1")).toMatchObject({
      status: "accepted",
      resolvedAt: minute(2),
      lastSeen: minute(30),
    });
  });

  it("that nobody observed cannot be resolved", () => {
    expect(fold(resolved("remediated")).findings.size).toBe(0);
  });
});

it("gives a new state object for each entry", () => {
  const before = fold();
  const [, entry] = entriesOf(started(), proposed(PLAN_A));
  const after = entry === undefined ? before : apply(before, entry);
  expect([before.seq, after.seq]).toEqual([1, 2]);
});
