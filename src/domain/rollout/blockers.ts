import { notFrozen, signedOff } from "./blockers/common-gates.ts";
import {
  foresightComplete,
  foresightCurrent,
  foresightUndisputed,
  nobodyLockedOut,
  nobodyUnclear,
} from "./blockers/foresight-gates.ts";
import type {
  Blocker,
  Gate,
  GatedAction,
  GateQuestion,
  LiveGate,
  PolicyGate,
  PolicyQuestion,
} from "./blockers/gate.ts";
import {
  emergencyAccountsExcluded,
  emergencyGroupExact,
  exceptionsGroupExact,
  licensed,
  liveAsApproved,
  otherPoliciesAsLeft,
  phaseGroupExact,
  securityDefaultsOff,
  serviceProviderExcluded,
  stateAsLeft,
} from "./blockers/live-gates.ts";
import {
  dateReached,
  draftClean,
  draftIsLive,
  emergencyAccountsConfigured,
  enoughCapable,
  everybodyAnnounced,
  evidenceFresh,
  exceptionsFromCurrentList,
  mendingProven,
  nobodyStillKeptOut,
  noOpenFinding,
  phaseHasUsers,
  previousPhaseJudged,
  toldDatesReached,
  watchedCompletely,
  watchedLongEnough,
} from "./blockers/state-gates.ts";
import { tenantClear } from "./blockers/tenant-gates.ts";

const EVERY_START: readonly Gate[] = [signedOff, notFrozen];

const REPORT_ONLY: readonly PolicyGate[] = [emergencyAccountsConfigured, draftClean];

const ENFORCED: readonly PolicyGate[] = [
  exceptionsFromCurrentList,
  emergencyAccountsConfigured,
  draftClean,
  draftIsLive,
  phaseHasUsers,
  everybodyAnnounced,
  dateReached,
  toldDatesReached,
  watchedLongEnough,
  watchedCompletely,
  evidenceFresh,
  noOpenFinding,
  mendingProven,
  enoughCapable,
  previousPhaseJudged,
  foresightCurrent,
  foresightComplete,
  foresightUndisputed,
  nobodyUnclear,
  nobodyLockedOut,
  nobodyStillKeptOut,
];

const ENFORCED_LIVE: readonly LiveGate[] = [
  licensed,
  securityDefaultsOff,
  liveAsApproved,
  stateAsLeft,
  otherPoliciesAsLeft,
  emergencyAccountsExcluded,
  serviceProviderExcluded,
  phaseGroupExact,
  exceptionsGroupExact,
  emergencyGroupExact,
];

/**
 * Every reason why an action must not happen now; empty when it may. Tools, `get_rollout.next` and the report ask
 * this one function. With `facts: null` it answers from what the rollout knows, which never proves enough to enforce:
 * a tool that acts asks again with facts.
 */
export function blockers(question: GateQuestion): readonly Blocker[] {
  const { action, facts } = question;
  if (action.kind === "policy" && action.to === "roll_back") return [];

  const always = EVERY_START.map((gate) => gate(question));
  if (action.kind === "mail") return always.filter(stands);

  const policyQuestion = { ...question, phase: action.phase, members: membersOf(question, action) };
  const enforcing = action.to === "enforced";
  return [
    ...always,
    ...(enforcing ? ENFORCED : REPORT_ONLY).map((gate) => gate(policyQuestion)),
    ...(enforcing ? tenantClear(policyQuestion) : []),
    ...(enforcing && facts !== null ? ENFORCED_LIVE.map((gate) => gate(policyQuestion, facts)) : []),
  ].filter(stands);
}

const membersOf = ({ roster }: GateQuestion, { phase }: GatedAction & { kind: "policy" }): PolicyQuestion["members"] =>
  roster?.byPhase.get(phase) ?? [];

const stands = (blocker: Blocker | null): blocker is Blocker => blocker !== null;
