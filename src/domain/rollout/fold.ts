import type { LedgerEntry } from "./events.ts";
import { gateClosed } from "./fold/closed-gates.ts";
import { effectChanged, mailsWentOutBy } from "./fold/effects.ts";
import { findingResolved, lockoutsForeseen, signinsObserved } from "./fold/findings.ts";
import type { EntryOf } from "./fold/folded-state.ts";
import { type FoldedState, keyed } from "./fold/folded-state.ts";
import { exceptionsClassified, usersReconciled } from "./fold/people.ts";
import {
  approvalDenied,
  approvalSigned,
  planCompleted,
  planProposed,
  standingUsed,
  supersedeOpen,
} from "./fold/plans.ts";

/** The state right after a rollout's first entry. */
function initialState({ data, at, seq, hash }: EntryOf<"rollout_started">): FoldedState {
  const { rollout, ...facts } = data;
  return {
    ...facts,
    id: rollout,
    startedAt: at,
    seq,
    head: hash,
    lastAt: at,
    list: null,
    exceptions: null,
    endedExceptions: new Set(),
    renamed: new Map(),
    plannedFrom: new Map(),
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
    bridges: new Map(),
    securityDefaultsOff: null,
    observations: [],
    foresights: new Map(),
    findings: new Map(),
    blocks: new Map(),
    givenBack: new Map(),
    tenantCheck: null,
    acceptedPitfalls: new Set(),
    stepsDone: new Map(),
    paused: new Map(),
    closedGates: new Map(),
    groupMembers: new Map(),
    answeredTickets: new Set(),
    snapshots: new Map(),
    report: null,
    tornLines: 0,
    savedProcedure: null,
  };
}

/**
 * Adds one entry. The maps are taken over, not copied, so that 100,000 entries cost 100,000 steps: go on with the state
 * returned and let go of the one given. An entry about something the ledger never mentioned changes nothing else.
 */
export function apply(state: FoldedState, entry: LedgerEntry): FoldedState {
  if (entry.at < state.lastAt) mailsWentOutBy(state, entry.at);
  return { ...state, ...changes(state, entry), seq: entry.seq, head: entry.hash, lastAt: entry.at };
}

/** @throws {RangeError} the entries do not begin with `rollout_started`. */
export function foldEntries(entries: Iterable<LedgerEntry>): FoldedState {
  let state: FoldedState | null = null;
  for (const entry of entries) state = advance(state, entry);
  if (state === null) throw new RangeError("a rollout has at least one entry");
  return state;
}

/** `apply`, or `initialState` for the first entry. @throws {RangeError} the first entry is not `rollout_started`. */
export function advance(state: FoldedState | null, entry: LedgerEntry): FoldedState {
  if (state !== null) return apply(state, entry);
  if (entry.type !== "rollout_started") throw new RangeError("a rollout begins with rollout_started");
  return initialState(entry);
}

/** Changes the maps in place and returns the fields that get a new value. */
function changes(state: FoldedState, entry: LedgerEntry): Partial<FoldedState> {
  const { at } = entry;
  switch (entry.type) {
    case "rollout_started":
    case "access_pass_taken":
      return {};
    case "users_reconciled":
      return usersReconciled(state, entry);
    case "exceptions_classified":
      return exceptionsClassified(state, entry);
    case "signoff_recorded":
      return signoffRecorded(state, entry);
    case "policy_drafted": {
      const { phase, ...draft } = entry.data;
      return keyed(state.drafts, phase, { ...draft, at });
    }
    case "phase_scheduled":
      return keyed(state.enforcementDates, entry.data.phase, entry.data.enforcementDate);
    case "plan_proposed":
      return planProposed(state, entry);
    case "approval_signed":
      return approvalSigned(state, entry);
    case "approval_denied":
      return approvalDenied(state, entry);
    case "standing_used":
      return standingUsed(state, entry);
    case "plan_completed":
      return planCompleted(state, entry);
    case "effect_intended":
    case "effect_noted":
    case "effect_done":
    case "effect_unknown":
    case "effect_failed":
    case "effect_settled":
      return effectChanged(state, entry);
    case "signins_observed":
      return signinsObserved(state, entry);
    case "tenant_checked":
      return { tenantCheck: { ...entry.data, at } };
    case "lockouts_foreseen":
      return lockoutsForeseen(state, entry);
    case "finding_resolved":
      return findingResolved(state, entry);
    case "step_done":
      return stepDone(state, entry);
    case "step_paused":
      return keyed(state.paused, `${entry.data.tool} ${entry.data.argsKey}`, entry.data.until);
    case "gate_closed":
      return gateClosed(state, entry);
    case "report_written":
      return { report: { ...entry.data, at } };
    case "torn_line_cut":
      return { tornLines: state.tornLines + 1 };
    case "procedure_saved":
      return { savedProcedure: { id: entry.data.id, version: entry.data.version, at } };
  }
}

function signoffRecorded(state: FoldedState, { data, at }: EntryOf<"signoff_recorded">): Partial<FoldedState> {
  const { approval, contact } = data;
  if (approval.kind !== "signoff" || approval.rollout !== state.id) return {};
  return { signoff: { table: approval.digest, contact, at, approval } };
}

function stepDone(state: FoldedState, { data, at }: EntryOf<"step_done">): Partial<FoldedState> {
  const step = `${data.tool} ${data.argsKey}`;
  const times = state.stepsDone.get(step);
  if (times === undefined) state.stepsDone.set(step, [at]);
  else times.push(at);
  state.paused.delete(step);
  supersedeOpen(state, data);
  return {};
}
