import type { EffectRecord, MailKind } from "../model/effect.ts";
import { type PhaseId, planId, type Sha256, type UserId } from "../model/ids.ts";
import type { PolicyState } from "../model/phase.ts";
import type { Approval, PlanRecord } from "../model/plan.ts";
import type { CalendarDate, Instant } from "../model/time.ts";
import type { LedgerEntry, RolloutEvent } from "./events.ts";
import type { FindingRecord, LivePolicyRecord, Observation, RolloutState, SentMail } from "./state.ts";

type Draft = RolloutState["drafts"] extends ReadonlyMap<PhaseId, infer D> ? D : never;
type Snapshot = RolloutState["snapshots"] extends ReadonlyMap<PhaseId, infer S> ? S : never;

/** A state as the fold holds it: the same, with its maps and lists open to change, so that an event costs O(1). */
interface Folding extends RolloutState {
  readonly drafts: Map<PhaseId, Draft>;
  readonly enforcementDates: Map<PhaseId, CalendarDate>;
  readonly plans: Map<Sha256, PlanRecord>;
  readonly approvals: Map<Sha256, Approval>;
  readonly standing: { readonly approval: Approval; readonly used: number; readonly plans: Set<Sha256> }[];
  readonly effects: Map<string, EffectRecord>;
  readonly mails: Map<MailKind, Map<UserId, SentMail>>;
  readonly groups: Map<string, string>;
  readonly policies: Map<PhaseId, LivePolicyRecord>;
  readonly observations: Observation[];
  readonly findings: Map<string, FindingRecord>;
  readonly stepsDone: Map<string, Instant[]>;
  readonly paused: Map<string, Instant>;
  readonly groupMembers: Map<string, string>;
  readonly answeredTickets: Set<string>;
  readonly snapshots: Map<PhaseId, Snapshot>;
}

type Data<Type extends RolloutEvent["type"]> = Extract<RolloutEvent, { type: Type }>["data"];
type Changes = Partial<Pick<RolloutState, "list" | "exceptions" | "signoff" | "report" | "savedProcedure">>;

/** How each event changes a state: writes into the maps it owns, returns the single fields that change. */
const RULES: { readonly [Type in RolloutEvent["type"]]: (state: Folding, data: Data<Type>, at: Instant) => Changes | undefined } = {
  rollout_started: () => undefined,
  users_reconciled: (_, { list, joiners, leavers, movers, ...rest }, at) => ({
    list: { ...rest, hash: list, at, joiners: joiners.length, leavers: leavers.length, movers: movers.length },
  }),
  exceptions_classified: (_, data, at) => ({ exceptions: { ...data, at } }),
  signoff_recorded: (_, { approval, contact }, at) => ({ signoff: { table: approval.digest, contact, at, approval } }),
  policy_drafted: ({ drafts }, { phase, ...draft }, at) => void drafts.set(phase, { ...draft, at }),
  phase_scheduled: ({ enforcementDates }, { phase, enforcementDate }) => void enforcementDates.set(phase, enforcementDate),
  plan_proposed: proposePlan,
  approval_signed(state, { approval }) {
    if (approval.kind === "standing") {
      state.standing.push({ approval, used: 0, plans: new Set() });
      return undefined;
    }
    state.approvals.set(approval.digest, approval);
    return void setPlanStatus(state, approval.digest, "approved");
  },
  approval_denied(state, { approval }) {
    state.approvals.set(approval.digest, approval);
    return void setPlanStatus(state, approval.digest, "denied");
  },
  standing_used({ standing, ...state }, { terms, plan, count }) {
    const index = standing.findIndex(({ approval }) => approval.digest === terms);
    const found = standing[index];
    if (found !== undefined) standing[index] = { ...found, used: found.used + count, plans: found.plans.add(plan) };
    return void setPlanStatus(state, plan, "approved");
  },
  plan_completed: (state, { digest }) => void setPlanStatus(state, digest, "completed"),
  effect_intended({ effects }, { key, plan, subject }, at) {
    const noted = effects.get(key)?.noted ?? {};
    return void effects.set(key, { key, subject, plan, status: "intended", noted, outcome: {}, at, check: null });
  },
  effect_noted({ effects }, { key, note }) {
    const known = effects.get(key);
    if (known !== undefined) effects.set(key, { ...known, noted: { ...known.noted, ...note } });
    return undefined;
  },
  effect_done: endEffect,
  effect_unknown({ effects }, { key, check }, at) {
    const known = effects.get(key);
    if (known !== undefined) effects.set(key, { ...known, status: "unknown", check, at });
    return undefined;
  },
  signins_observed(state, { findings, ...observation }, at) {
    state.observations.push({ ...observation, at });
    for (const finding of findings) mergeFinding(state.findings, finding);
    return undefined;
  },
  finding_resolved({ findings }, { findingId, resolution, by, why }, at) {
    const known = findings.get(findingId);
    if (known !== undefined) findings.set(findingId, { ...known, status: resolution, resolvedBy: by, resolvedAt: at, why });
    return undefined;
  },
  step_done({ stepsDone, paused }, { tool, argsKey }, at) {
    const key = `${tool} ${argsKey}`;
    stepsDone.set(key, [...(stepsDone.get(key) ?? []), at]);
    paused.delete(key);
    return undefined;
  },
  step_paused: ({ paused }, { tool, argsKey, until }) => void paused.set(`${tool} ${argsKey}`, until),
  report_written: (_, data, at) => ({ report: { ...data, at } }),
  procedure_saved: (_, { id, version }, at) => ({ savedProcedure: { id, version, at } }),
};

/**
 * The state after one more entry. The state given is used up: its maps belong to the state returned.
 * @param state - `null` before the first entry, which must be `rollout_started`.
 * @throws {RangeError} the first entry is another: not a rollout's ledger.
 */
export function foldEntry(state: RolloutState | null, entry: LedgerEntry): RolloutState {
  const before = state === null ? started(entry) : (state as Folding); // every state comes from this fold, whose maps are open
  const rule = RULES[entry.type] as (state: Folding, data: unknown, at: Instant) => Changes | undefined; // data belongs to the entry's type
  const changes = rule(before, entry.data, entry.at);
  return { ...before, ...changes, seq: entry.seq, head: entry.hash, lastAt: entry.at };
}

/** Folds a whole ledger. @throws {RangeError} it is empty, or does not begin with `rollout_started`. */
export function foldEntries(entries: Iterable<LedgerEntry>): RolloutState {
  let state: RolloutState | null = null;
  for (const entry of entries) state = foldEntry(state, entry);
  if (state === null) throw new RangeError("a ledger without entries has no state");
  return state;
}

function started(entry: LedgerEntry): Folding {
  if (entry.type !== "rollout_started") throw new RangeError(`a ledger begins with rollout_started, not ${entry.type}`);
  const { rollout, ...data } = entry.data;
  return {
    ...data,
    id: rollout,
    startedAt: entry.at,
    seq: entry.seq,
    head: entry.hash,
    lastAt: entry.at,
    list: null,
    exceptions: null,
    signoff: null,
    drafts: new Map(),
    enforcementDates: new Map(),
    plans: new Map(),
    approvals: new Map(),
    standing: [],
    effects: new Map(),
    mails: new Map(),
    groups: new Map(),
    policies: new Map(),
    observations: [],
    findings: new Map(),
    stepsDone: new Map(),
    paused: new Map(),
    groupMembers: new Map(),
    answeredTickets: new Set(),
    snapshots: new Map(),
    report: null,
    savedProcedure: null,
  };
}

/** A new proposal takes the place of earlier ones of the same work, unless their effects have begun. */
function proposePlan(state: Folding, data: Data<"plan_proposed">, at: Instant): undefined {
  for (const plan of state.plans.values()) {
    const replaced = plan.tool === data.tool && plan.argsKey === data.argsKey && plan.digest !== data.digest;
    if (replaced && plan.status !== "completed" && !begun(state, plan.digest)) setPlanStatus(state, plan.digest, "superseded");
  }
  const { digest, tool, argsKey, title, standing } = data;
  state.plans.set(digest, { id: planId(digest), digest, tool, argsKey, title, proposedAt: at, standing, status: "proposed" });
}

function begun({ effects }: Folding, plan: Sha256): boolean {
  for (const effect of effects.values()) if (effect.plan === plan) return true;
  return false;
}

function setPlanStatus({ plans }: Pick<Folding, "plans">, digest: Sha256, status: PlanRecord["status"]): undefined {
  const known = plans.get(digest);
  if (known !== undefined) plans.set(digest, { ...known, status });
}

function endEffect(state: Folding, { key, outcome }: Data<"effect_done">, at: Instant): undefined {
  const known = state.effects.get(key);
  if (known === undefined) return;
  const effect: EffectRecord = { ...known, status: "done", outcome, at, check: null };
  state.effects.set(key, effect);
  const { subject } = effect;
  switch (subject.kind) {
    case "mail": {
      const mails = state.mails.get(subject.mail) ?? new Map<UserId, SentMail>();
      state.mails.set(subject.mail, mails.set(subject.userId, { phase: subject.phase, at, managerCopied: subject.managerCopied }));
      return;
    }
    case "group":
      return void state.groups.set(subject.nickname, String(outcome.groupId));
    case "group_members":
      return void state.groupMembers.set(subject.nickname, subject.fingerprint);
    case "policy":
      return policyMade(state, { phase: subject.phase, draft: subject.draft, outcome, at });
    case "policy_state":
      return policyChanged(state, { phase: subject.phase, to: subject.state, at });
    case "ticket_reply":
      return void state.answeredTickets.add(subject.ticketId);
    case "dashboard":
      return void state.snapshots.set(subject.afterPhase, { snapshotId: subject.snapshotId, at });
    default:
      return;
  }
}

function policyMade(
  { policies }: Folding,
  made: { readonly phase: PhaseId; readonly draft: Sha256; readonly outcome: EffectRecord["outcome"]; readonly at: Instant },
): undefined {
  const { phase, draft, outcome, at } = made;
  policies.set(phase, { policyId: String(outcome.policyId), draft, state: "report_only", since: at, reportOnlySince: at });
}

/** A roll-back keeps the first report-only time: what was watched before stays evidence. */
function policyChanged({ policies }: Folding, change: { readonly phase: PhaseId; readonly to: PolicyState; readonly at: Instant }): undefined {
  const known = policies.get(change.phase);
  if (known !== undefined) policies.set(change.phase, { ...known, state: change.to, since: change.at });
}

/** Seen again after it was said to be remedied, a finding is open again; accepted and carved-out ones stay so. */
function mergeFinding(findings: Map<string, FindingRecord>, seen: Data<"signins_observed">["findings"][number]): void {
  const known = findings.get(seen.id);
  if (known === undefined) {
    findings.set(seen.id, { ...seen, status: "open", resolvedBy: null, resolvedAt: null, why: null });
    return;
  }
  const back = known.status === "remediated" && known.resolvedAt !== null && seen.lastSeen > known.resolvedAt;
  findings.set(seen.id, {
    ...known,
    count: known.count + seen.count,
    lastSeen: seen.lastSeen > known.lastSeen ? seen.lastSeen : known.lastSeen,
    ...(back && { status: "open" as const, resolvedBy: null, resolvedAt: null, why: null }),
  });
}
