import { leftToProve } from "../coverage/unproven.ts";
import type { Roster } from "../exceptions/scope.ts";
import type { Customer } from "../model/customer.ts";
import type { MailKind } from "../model/effect.ts";
import { CLOSING_PHASE, type EntraObjectId, type PhaseId } from "../model/ids.ts";
import type { Phase } from "../model/phase.ts";
import type { Procedure, ProcedureStep } from "../model/procedure.ts";
import { addDays, addHours, type CalendarDate, type Instant, instantAt } from "../model/time.ts";
import { nextWorkingDay, previousWorkingDay } from "../phases/calendar.ts";
import { type GroupPurpose, groupNickname, wantedMembers } from "../policy/groups.ts";
import { argsKey } from "./args-key.ts";
import { fingerprint } from "./fingerprint.ts";
import type { RolloutState } from "./state.ts";

/** Everything `next` and the gates look at. `roster` is `null` until there is a list. */
export interface RolloutView {
  readonly state: RolloutState;
  readonly procedure: Procedure;
  readonly customer: Customer;
  readonly roster: Roster | null;
  /** Emergency access accounts as classified. */
  readonly emergency: readonly EntraObjectId[];
  readonly now: Instant;
  readonly today: CalendarDate;
  /** Why signatures that open plans or standing approvals rest on do not count, by signature. Those that count are not here. */
  readonly objections: ReadonlyMap<string, string>;
}

/** A step of the procedure at its place: once, or for one phase. */
export interface PlacedStep {
  readonly step: ProcedureStep;
  readonly phase: Phase | null;
  readonly args: Readonly<Record<string, string>>;
}

/** Work begins at this hour of the customer's day. */
export const WORK_HOUR = 8;

/** Tools whose step is done anew in each place that names it; for the others once is enough, wherever it was. */
const REPEATED: ReadonlySet<string> = new Set([
  "reconcile_users",
  "fetch_signin_logs",
  "check_tenant",
  "foresee_lockouts",
  "answer_mfa_tickets",
  "sync_psa_project",
  "chase_non_enrollees",
  "generate_compliance_report",
]);

/** Tools that must not begin on a frozen day. */
export const NOT_ON_FROZEN_DAYS: ReadonlySet<string> = new Set([
  "send_phase_email",
  "apply_ca_policy",
  "chase_non_enrollees",
]);

/** The arguments with which a placed step's tool is called, beside `rollout`. */
export function placeStep(step: ProcedureStep, phase: Phase | null): PlacedStep {
  const args: Record<string, string> = { ...step.args };
  if (phase !== null && PHASE_TOOLS.has(step.tool)) args.phase = phase.id;
  return { step, phase, args };
}

const PHASE_TOOLS = new Set([
  "draft_ca_policy",
  "send_phase_email",
  "foresee_lockouts",
  "apply_ca_policy",
  "update_dashboard",
]);

/**
 * When a step may begin at the earliest.
 * @param doneAt - End of each step of the same lane that is done, by step id.
 * @returns `null` when that is not known yet because an earlier step is missing.
 */
export function notBefore(placed: PlacedStep, doneAt: ReadonlyMap<string, Instant>, view: RolloutView): Instant | null {
  const { wait } = placed.step;
  const { state, procedure } = view;
  if (wait === null) return state.startedAt;
  if ("after" in wait) {
    const since = doneAt.get(wait.after);
    return since === undefined ? null : addHours(since, wait.hours);
  }
  const date = placed.phase === null ? undefined : state.enforcementDates.get(placed.phase.id);
  if (date === undefined) return null;
  const { frozen } = procedure.settings;
  const day =
    wait.daysBeforeEnforcement === 0
      ? date
      : wait.daysBeforeEnforcement === 1
        ? previousWorkingDay(date, frozen)
        : nextWorkingDay(addDays(date, -wait.daysBeforeEnforcement), frozen);
  return instantAt(state.timeZone, day, WORK_HOUR);
}

/**
 * When the step was carried out at its place, whether or not it still holds; `null` when it never was. A phase that was
 * rolled back and enforced again counts from the second time, so that it is judged again.
 * @param from - Repeated tools count only from here on: the end of the step before, or the step's own `notBefore`.
 */
export function carriedOutAt({ step, phase, args }: PlacedStep, from: Instant, { state }: RolloutView): Instant | null {
  const times = state.stepsDone.get(`${step.tool} ${argsKey(args)}`) ?? [];
  const since = REPEATED.has(step.tool) ? from : enforcedSince(args, phase, state);
  return times.find((at) => since === null || at >= since) ?? null;
}

function enforcedSince(
  args: Readonly<Record<string, string>>,
  phase: Phase | null,
  { policies }: RolloutState,
): Instant | null {
  const id = phaseOf(args, phase);
  return args.state === "enforced" && id !== null ? (policies.get(id)?.since ?? null) : null;
}

/** Whether what a step is for still stands. A joiner undoes an announcement; a changed exception list its sign-off. */
export function stillHolds({ step, phase, args }: PlacedStep, view: RolloutView): boolean {
  const { state } = view;
  switch (step.tool) {
    case "classify_exceptions":
      return (
        state.exceptions !== null &&
        state.exceptions.list === state.list?.hash &&
        (view.roster?.lapsed ?? []).length === 0
      );
    case "request_signoff":
      return state.signoff !== null && state.signoff.table === state.exceptions?.table;
    case "draft_ca_policy":
      return phaseOf(args, phase) !== null && state.drafts.has(phaseOf(args, phase) as PhaseId); // checked on the left
    case "send_phase_email":
      return phase === null || everyoneWasTold(args.kind as MailKind, phase, view); // kinds come from the procedure's schema
    case "apply_ca_policy":
      return args.state === "bridge" || args.state === "retire" || policyStands(args, phase, view);
    case "generate_compliance_report":
      return state.report?.unproven === undefined || leftToProve(state.report.unproven).length === 0;
    default:
      return true;
  }
}

const phaseOf = (args: Readonly<Record<string, string>>, phase: Phase | null): PhaseId | null =>
  phase?.id ?? (args.phase as PhaseId | undefined) ?? null; // phase ids in a procedure are checked when it is loaded

/** Announcements and notices go to everyone of the phase who has an address; reminders are judged when they are sent. */
function everyoneWasTold(kind: MailKind, phase: Phase, { state, roster }: RolloutView): boolean {
  const enforced = state.policies.get(phase.id)?.state === "enforced";
  if (kind !== "announcement" && (kind !== "enforcement_notice" || enforced)) return true;
  const told = state.mails.get(kind);
  return (roster?.byPhase.get(phase.id) ?? []).every((user) => user.address === null || told?.has(user.id) === true);
}

/** The policy has the state wanted and the groups it names hold exactly who they are meant to hold. */
function policyStands(args: Readonly<Record<string, string>>, phase: Phase | null, view: RolloutView): boolean {
  const id = phaseOf(args, phase);
  const live = id === null ? undefined : view.state.policies.get(id);
  if (id === null || live === undefined) return false;
  if (args.state === "report_only") return live.state === "enforced" || groupsInStep(id, view);
  return live.state === "enforced" && groupsInStep(id, view);
}

/** Enforced already, so that asking for it again only brings its groups up to date. */
export const followsOnly = ({ policies }: RolloutState, phase: PhaseId, to: string): boolean =>
  to === "enforced" && policies.get(phase)?.state === "enforced";

/**
 * A phase that everybody has left before it was enforced is passed over: its people are in other phases, have left, or are
 * excepted. Nobody is waited for, and whoever comes back to it begins it anew.
 */
export const isVacant = (
  { id }: Phase,
  { state, roster }: { readonly state: Pick<RolloutState, "policies">; readonly roster: Roster | null },
): boolean =>
  id !== CLOSING_PHASE &&
  roster !== null &&
  (roster.byPhase.get(id) ?? []).length === 0 &&
  state.policies.get(id)?.state !== "enforced";

/** The groups that a phase's policy names. */
export const groupsOf = (phase: PhaseId): readonly GroupPurpose[] =>
  phase === CLOSING_PHASE ? ["emergency", "exceptions"] : ["emergency", "exceptions", phase];

/** Whether the groups of a phase's policy were last filled with exactly who belongs there today. */
export function groupsInStep(phase: PhaseId, { state, roster, emergency }: RolloutView): boolean {
  if (roster === null) return false;
  return groupsOf(phase).every(
    (purpose) =>
      state.groupMembers.get(groupNickname(state.id, purpose)) ===
      fingerprint(wantedMembers(purpose, { roster, emergency })),
  );
}
