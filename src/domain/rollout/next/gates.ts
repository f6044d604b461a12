import type { PhaseId } from "../../model/ids.ts";
import { addDays, dateIn, type Instant, instantAt } from "../../model/time.ts";
import { nextWorkingDay } from "../../phases/calendar.ts";
import { latestComplete } from "../blockers/evidence-window.ts";
import type { Blocker, GatedAction } from "../blockers/gate.ts";
import { PITFALL_CODE } from "../blockers/tenant-gates.ts";
import { blockers } from "../blockers.ts";
import type { RolloutState } from "../state.ts";
import { followsOnly, type PlacedStep, type RolloutView, WORK_HOUR } from "../step-status.ts";
import { callFor, type Next, waitFor } from "./answer.ts";
import { acceptanceAsked } from "./open-findings.ts";

/** Gates that a fresh look at the sign-ins opens. */
const OPENED_BY_A_LOOK: ReadonlySet<string> = new Set([
  "observation_incomplete",
  "observation_outdated",
  "previous_not_judged",
  "finding_unproven",
]);

/** The gate that a fresh look at the tenant opens, or tells in detail. */
const OPENED_BY_A_CHECK = "tenant_not_checked";

/** Gates that another look ahead opens, once the sign-ins are fresh. */
const OPENED_BY_FORESIGHT: ReadonlySet<string> = new Set(["foresight_missing", "foresight_outdated"]);

/** Gates about a foresight that the look ahead has overtaken. */
const ABOUT_A_FORESIGHT: ReadonlySet<string> = new Set([
  "foresight_incomplete",
  "foresight_disputed",
  "foresight_unclear",
  "lockouts_foreseen",
]);

/** Gates that name, as evidence, what a person decides about with resolve_finding. */
const ASKS_A_PERSON: ReadonlySet<string> = new Set(["finding_open", "still_kept_out", "previous_undecided"]);

/** A gate that the work on an earlier phase opens: what that phase waits for is said there. */
const OPENED_BY_EARLIER_PHASE = "previous_not_enforced";

/** A tool whose fresh answer may open a gate, and when it was last called. */
interface Reading {
  readonly tool: string;
  lastRead(state: RolloutState): Instant | null;
}

const PEOPLE: Reading = { tool: "reconcile_users", lastRead: ({ list }) => list?.at ?? null };
const SIGN_INS: Reading = {
  tool: "fetch_signin_logs",
  lastRead: ({ observations }) => latestComplete(observations)?.to ?? null,
};
const TENANT: Reading = { tool: "check_tenant", lastRead: ({ tenantCheck }) => tenantCheck?.at ?? null };

/** Gates that may open by themselves from one day to the next, and what shows it, in the order in which it is read. */
const READ_ANEW_EACH_DAY: Readonly<Record<string, readonly Reading[]>> = {
  lockouts_foreseen: [PEOPLE],
  too_many_not_capable: [PEOPLE],
  // The check judges the accounts of the list, so an old list would show what was mended since for ever.
  [PITFALL_CODE]: [PEOPLE, TENANT],
  previous_failed: [SIGN_INS],
};

/**
 * What the gates that need no vendor say to a step; `null` when they are open. The tool asks the others when it is
 * called; what they said today holds for today. A look at the sign-ins is asked for last of all, since while time or a
 * person is waited for it opens nothing.
 */
export function heldBack(placed: PlacedStep, view: RolloutView): Next | null {
  const action = actionOf(placed, view.state);
  if (action === null) return null;
  const found = withoutOldNews(blockers({ ...view, settings: view.procedure.settings, action, facts: null }));
  if (found.length === 0) return closedToday(action, view);

  const why = found.map(({ message }) => message).join(" ");
  const open = found.find(({ code }) => ASKS_A_PERSON.has(code));
  if (open !== undefined)
    return acceptanceAsked(view, open.evidence) ?? waitFor("finding", why, { findingIds: open.evidence });
  const persons = found.filter(
    ({ who, code }) => who !== "wait" && code !== OPENED_BY_EARLIER_PHASE && !opensByReading(code),
  );
  if (persons.length > 0) return forPersons(persons, why, view);
  const [latest] = found
    .flatMap(({ until }) => until ?? [])
    .sort()
    .reverse();
  if (latest !== undefined) return waitFor("time", why, { until: latest });
  if (found.some(({ code }) => code === OPENED_BY_EARLIER_PHASE)) return waitFor("time", why);
  if (found.some(({ code }) => OPENED_BY_A_LOOK.has(code)))
    return callFor(view.state, { tool: "fetch_signin_logs", why });
  if (found.some(({ code }) => code === OPENED_BY_A_CHECK)) return callFor(view.state, { tool: "check_tenant", why });
  return callFor(view.state, { tool: "foresee_lockouts", args: { phase: placed.args.phase ?? "" }, why });
}

const opensByReading = (code: string): boolean =>
  OPENED_BY_A_LOOK.has(code) || code === OPENED_BY_A_CHECK || OPENED_BY_FORESIGHT.has(code);

/** What an overtaken foresight said is no reason to wait for anybody. */
const withoutOldNews = (found: readonly Blocker[]): readonly Blocker[] =>
  found.some(({ code }) => OPENED_BY_FORESIGHT.has(code))
    ? found.filter(({ code }) => !ABOUT_A_FORESIGHT.has(code))
    : found;

/** What a look at the tenant showed today: time opens it, or a person mends it there and the tool looks again tomorrow. */
function closedToday(action: GatedAction, { state, now, today }: RolloutView): Next | null {
  const closed = action.kind === "policy" && action.to === "enforced" ? state.closedGates.get(action.phase) : undefined;
  if (closed === undefined) return null;
  if (closed.until !== null) return now < closed.until ? waitFor("time", closed.why, { until: closed.until }) : null;
  if (dateIn(state.timeZone, closed.at) < today) return null;
  return waitFor("person", `${closed.why} Once that is mended, call apply_ca_policy again; the next look is tomorrow.`);
}

function actionOf({ step, args }: PlacedStep, state: RolloutState): GatedAction | null {
  if (step.tool === "send_phase_email" || step.tool === "chase_non_enrollees") return { kind: "mail" };
  if (step.tool !== "apply_ca_policy" || args.phase === undefined) return null;
  const phase = args.phase as PhaseId; // placed by us from the rollout's phases, or checked when the procedure is loaded
  // Security defaults give way when the phase could be enforced, and not before.
  const enforces = args.state === "bridge" || (args.state === "enforced" && !followsOnly(state, phase, args.state));
  return { kind: "policy", phase, to: enforces ? "enforced" : "report_only" };
}

const MENDED_BY_ENROLLING: ReadonlySet<string> = new Set(["too_many_not_capable", "lockouts_foreseen"]);

/** People enrol, and blocked people are helped, by the day; after the deadline that is no longer for time to mend. */
function forPersons(persons: readonly Blocker[], why: string, { state, procedure, today }: RolloutView): Next {
  const readings = persons.map(({ code }) => READ_ANEW_EACH_DAY[code.startsWith(PITFALL_CODE) ? PITFALL_CODE : code]);
  if (readings.includes(undefined)) return waitFor("person", why);
  const isOld = (at: Instant | null): boolean => at === null || dateIn(state.timeZone, at) < today;
  const stale = readings.flatMap((of) => of ?? []).find(({ lastRead }) => isOld(lastRead(state)));
  if (stale !== undefined) return callFor(state, { tool: stale.tool, why });
  if (persons.some(({ code }) => !MENDED_BY_ENROLLING.has(code)) || today > state.deadline)
    return waitFor("person", why);
  const day = nextWorkingDay(addDays(today, 1), procedure.settings.frozen);
  return waitFor("time", why, { until: instantAt(state.timeZone, day, WORK_HOUR) });
}
