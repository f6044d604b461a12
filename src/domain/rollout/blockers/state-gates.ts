import { CLOSING_PHASE, type PhaseId } from "../../model/ids.ts";
import type { User } from "../../model/people.ts";
import { addHours, hoursBetween, instantAt } from "../../model/time.ts";
import { toldOf } from "../../phases/told-date.ts";
import { isOpenFinding, provenFrom } from "../../signins/open-finding.ts";
import type { FindingRecord } from "../state.ts";
import { isVacant } from "../step-status.ts";
import { covers, latestComplete } from "./evidence-window.ts";
import {
  countOf,
  customer,
  FEWEST_EMERGENCY_ACCOUNTS,
  firstFew,
  notCapable,
  type PolicyGate,
  type PolicyQuestion,
  technician,
  wait,
} from "./gate.ts";
import { judgePhase } from "./judgement.ts";
import { blockStanding, openBlocks } from "./watch.ts";

/** What is carved out was decided on today's people, not on last week's. */
export const exceptionsFromCurrentList: PolicyGate = ({ state, roster }) => {
  const lapsed = roster?.lapsed ?? [];
  if (state.exceptions === null || (state.exceptions.list === state.list?.hash && lapsed.length === 0)) return null;
  return technician(
    "exceptions_outdated",
    lapsed.length === 0
      ? "The exceptions were classified from an older list of users. Call classify_exceptions."
      : `${countOf(lapsed.length, "exception")} ended since they were classified. Call classify_exceptions and have the table signed off.`,
    firstFew(lapsed),
  );
};

export const emergencyAccountsConfigured: PolicyGate = ({ customer: { emergencyAccess } }) => {
  const count = new Set(emergencyAccess).size;
  return count >= FEWEST_EMERGENCY_ACCOUNTS
    ? null
    : technician(
        "emergency_accounts_too_few",
        `${countOf(count, "emergency access account")} configured, at least ${FEWEST_EMERGENCY_ACCOUNTS} needed. Add them to the customer's file.`,
      );
};

export const draftClean: PolicyGate = ({ state, phase }) => {
  const draft = state.drafts.get(phase);
  if (draft === undefined) return technician("draft_missing", "The phase has no policy draft. Call draft_ca_policy.");
  const errors = draft.lint.filter(({ severity }) => severity === "error");
  return errors.length === 0
    ? null
    : technician(
        "lint_errors",
        `The policy draft breaks ${countOf(errors.length, "rule")}. Mend the cause and call draft_ca_policy again.`,
        firstFew(errors.map(({ rule }) => rule)),
      );
};

/** A later draft than the one that is live means that people approved something else than what would be enforced. */
export const draftIsLive: PolicyGate = ({ state, phase }) => {
  const live = state.policies.get(phase);
  const draft = state.drafts.get(phase);
  return live === undefined || draft === undefined || live.draft === draft.draft
    ? null
    : technician(
        "policy_redrafted",
        "The policy was drafted anew after it went live, so the live one is not the approved one. Call apply_ca_policy with state report_only.",
        [live.draft, draft.draft],
      );
};

export const phaseHasUsers: PolicyGate = ({ roster, members, phase }) => {
  if (roster === null) return technician("users_missing", "There is no list of users yet. Call reconcile_users.");
  return members.length > 0 || phase === CLOSING_PHASE
    ? null
    : technician("phase_empty", "Nobody in scope belongs to this phase. Check its department's name.");
};

/** The closing policy covers everybody in scope, not only those whom no other phase takes. */
const everyoneCovered = (
  phase: PolicyQuestion["phase"],
  { roster, members }: Pick<PolicyQuestion, "roster" | "members">,
): readonly User[] => (phase === CLOSING_PHASE ? [...(roster?.byPhase.values() ?? [])].flat() : members);

export const everybodyAnnounced: PolicyGate = ({ state, phase, roster, members }) => {
  const sent = state.mails.get("announcement");
  const covered = everyoneCovered(phase, { roster, members });
  const skipped = covered.filter(({ id }) => !sent?.has(id)).map(({ id }) => id);
  return skipped.length === 0
    ? null
    : technician(
        "announcement_incomplete",
        `The announcement has not been sent to ${skipped.length} of ${countOf(covered.length, "user")}. Call send_phase_email with kind announcement; a user without an address needs one, or an exception.`,
        firstFew(skipped),
      );
};

export const dateReached: PolicyGate = ({ state, phase, today, customer: { timeZone } }) => {
  const date = state.enforcementDates.get(phase);
  if (date === undefined) {
    return technician(
      "date_missing",
      "No enforcement date has been announced. Call send_phase_email with kind announcement.",
    );
  }
  return today >= date
    ? null
    : wait("before_date", `The announced enforcement date is ${date}.`, instantAt(timeZone, date, 0));
};

/**
 * Who was told a later date than the others is enforced later. For a phase somebody has to be left; the closing policy
 * covers everybody, so it waits for the last.
 */
export const toldDatesReached: PolicyGate = ({ state, phase, roster, members, today, customer: { timeZone } }) => {
  const covered = everyoneCovered(phase, { roster, members });
  const told = toldOf(state);
  const dates = covered.flatMap(({ id }) => (roster?.late.has(id) ? (told.get(id)?.date ?? []) : [])).sort();
  const date = phase === CLOSING_PHASE ? dates.at(-1) : dates.length === covered.length ? dates[0] : undefined;
  return date === undefined || date <= today
    ? null
    : wait("before_told_date", `Users were told a later date, ${date}.`, instantAt(timeZone, date, 0));
};

export const watchedLongEnough: PolicyGate = ({ state, phase, settings, now }) => {
  const policy = state.policies.get(phase);
  if (policy === undefined || policy.state === "disabled") {
    return technician(
      "not_report_only",
      "The policy is not report-only yet. Call apply_ca_policy with state report_only.",
    );
  }
  const until = addHours(policy.reportOnlySince, settings.reportOnlyHours);
  return now >= until
    ? null
    : wait(
        "report_only_too_short",
        `The policy must stay report-only for ${settings.reportOnlyHours} hours, until ${until}.`,
        until,
      );
};

export const watchedCompletely: PolicyGate = ({ state, phase, settings }) => {
  const policy = state.policies.get(phase);
  return policy === undefined || covers(state.observations, policy.reportOnlySince, settings.reportOnlyHours)
    ? null
    : technician(
        "observation_incomplete",
        `The first ${settings.reportOnlyHours} hours since ${policy.reportOnlySince} have not been read whole. Call fetch_signin_logs for that time.`,
      );
};

export const evidenceFresh: PolicyGate = ({ state, settings, now }) => {
  const latest = latestComplete(state.observations);
  return latest !== null && hoursBetween(latest.to, now) <= settings.evidenceMaxAgeHours
    ? null
    : technician(
        "observation_outdated",
        `The sign-in evidence is older than ${settings.evidenceMaxAgeHours} hours. Call fetch_signin_logs.`,
        latest === null ? [] : [`read until ${latest.to}`],
      );
};

/** The closing policy covers everybody, so there any finding counts, unless its account is carved out. */
function findingsOf({ state, phase, members, roster }: PolicyQuestion): readonly FindingRecord[] {
  const excepted = roster?.exceptedObjectIds ?? new Set();
  const accounts = new Set(members.flatMap(({ account }) => account?.objectId ?? []));
  return [...state.findings.values()].filter(({ objectId }) =>
    phase === CLOSING_PHASE ? !excepted.has(objectId) : accounts.has(objectId),
  );
}

export const noOpenFinding: PolicyGate = (question) => {
  const excepted = question.roster?.exceptedObjectIds ?? new Set();
  const open = findingsOf(question).filter((finding) => isOpenFinding(finding, excepted));
  return open.length === 0
    ? null
    : technician(
        "finding_open",
        `${countOf(open.length, "finding")} open: enforcement would break these sign-ins. Mend the cause or grant an exception, then call resolve_finding.`,
        firstFew(open.map(({ id }) => id)),
      );
};

/** Users of this phase or an earlier one who were kept out and are said to have been helped. */
function helped({
  state,
  phase,
  roster,
}: PolicyQuestion): readonly Pick<FindingRecord, "id" | "status" | "resolvedAt">[] {
  const order = new Map(state.phases.map(({ id, order: place }) => [id, place]));
  const isLater = (other: PhaseId): boolean => (order.get(other) ?? 0) > (order.get(phase) ?? 0);
  return [...state.blocks.values()].flatMap((block) =>
    isLater(block.phase) || blockStanding(block, { state, roster }) !== "remediated"
      ? []
      : [{ id: block.id, status: "remediated" as const, resolvedAt: block.decision?.at ?? null }],
  );
}

/** That a client was replaced, or a user helped, is only a word until the sign-ins show it. */
export const mendingProven: PolicyGate = (question) => {
  const { state, settings, now } = question;
  const hours = settings.reportOnlyHours;
  const waiting = [...findingsOf(question), ...helped(question)].flatMap((finding) => {
    const from = provenFrom(finding, { observations: state.observations, hours });
    return from === null ? [] : [{ id: finding.id, from }];
  });
  const [latest] = waiting.map(({ from }) => from).sort((a, b) => (a < b ? 1 : -1));
  if (latest === undefined) return null;
  const what = `${countOf(waiting.length, "finding")} called remediated`;
  return now < latest
    ? wait("finding_unproven", `${what}: ${hours} hours of sign-ins have to show that it is so.`, latest)
    : technician(
        "finding_unproven",
        `${what}: the ${hours} hours of sign-ins since have not been read. Call fetch_signin_logs.`,
        firstFew(waiting.map(({ id }) => id)),
      );
};

/** How many users of so large a phase may be not capable when it is enforced. */
export const lackingAllowed = (
  members: number,
  { notCapablePercent, notCapableCount }: PolicyQuestion["settings"],
): number => Math.max(notCapableCount, Math.floor((members * notCapablePercent) / 100));

/** A user whom the report does not show counts as not capable: not known is no reason to lock anyone out. */
export const enoughCapable: PolicyGate = ({ members: all, roster, settings }) => {
  const members = all.filter(({ id }) => !roster?.late.has(id));
  const lacking = notCapable(members);
  const allowed = lackingAllowed(members.length, settings);
  return lacking.length <= allowed
    ? null
    : customer(
        "too_many_not_capable",
        `${lacking.length} of ${countOf(members.length, "user")} cannot use MFA yet, ${allowed} allowed. Remind them with send_phase_email, then call reconcile_users.`,
        firstFew(lacking),
      );
};

/** Enforcing again what kept somebody out needs to know that it will not do so again. */
export const nobodyStillKeptOut: PolicyGate = ({ state, phase, roster }) => {
  const open = openBlocks({ state, roster }, phase);
  return open.length === 0
    ? null
    : technician(
        "still_kept_out",
        `${countOf(open.length, "user")} kept out when the phase was enforced before, and nobody has said what becomes of them. Help each of them or grant an exception, then call resolve_finding.`,
        firstFew(open.map(({ id }) => id)),
      );
};

export const previousPhaseJudged: PolicyGate = ({ state, phase, settings, now, roster }) => {
  const order = state.phases.find(({ id }) => id === phase)?.order ?? 0;
  const previous = state.phases.findLast((other) => other.order < order && !isVacant(other, { state, roster }));
  if (previous === undefined) return null;

  const judgement = judgePhase(state, previous.id, { settings, now, roster });
  switch (judgement.state) {
    case "passed":
      return null;
    case "not_enforced":
      return technician("previous_not_enforced", `${previous.id} comes first and is not enforced.`, [previous.id]);
    case "waiting":
      return wait("previous_not_judged", `${previous.id} is judged after ${judgement.until}.`, judgement.until);
    case "unread":
      return technician(
        "previous_not_judged",
        `The sign-ins since ${previous.id} was enforced have not been read. Call fetch_signin_logs.`,
        [previous.id],
      );
    case "undecided":
      return technician(
        "previous_undecided",
        `${countOf(judgement.blocked, "user")} kept out by ${previous.id}, and nobody has decided what becomes of them. get_rollout says how.`,
        firstFew(openBlocks({ state, roster }, previous.id).map(({ id }) => id)),
      );
    case "failed":
      return technician(
        "previous_failed",
        `${countOf(judgement.blocked, "user")} blocked in ${previous.id}, ${settings.blockedUsers} allowed. Roll it back with apply_ca_policy and help them first.`,
        firstFew(judgement.blockedUsers),
      );
  }
};
