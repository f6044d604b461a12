import type { PhaseId, PlanId } from "../model/ids.ts";
import type { Phase } from "../model/phase.ts";
import type { PlanRecord } from "../model/plan.ts";
import type { ProcedureStep } from "../model/procedure.ts";
import { addDays, dateIn, type Instant, instantAt } from "../model/time.ts";
import { isFrozen, nextWorkingDay } from "../phases/calendar.ts";
import { argsKey } from "./args-key.ts";
import { blockers } from "./blockers.ts";
import { judgePhase } from "./blockers/judgement.ts";
import { isCovered } from "./standing.ts";
import { doneAt, NOT_ON_FROZEN_DAYS, notBefore, type PlacedStep, placeStep, type RolloutView, WORK_HOUR } from "./step-status.ts";

/** What to do now. A host that only ever does this, again and again, ends with the rollout done. */
export type Next =
  | {
      readonly do: "call";
      readonly tool: string;
      readonly args: Readonly<Record<string, string>>;
      readonly why: string;
    }
  | {
      readonly do: "wait";
      /** `time`: until `until`. The others wait for a person, whom `why` names. */
      readonly for: "time" | "approval" | "signoff" | "finding" | "person";
      readonly until: Instant | null;
      readonly planId: PlanId | null;
      readonly findingIds: readonly string[];
      readonly why: string;
    }
  | { readonly do: "finished"; readonly why: string };

type Wait = Extract<Next, { do: "wait" }>;

/** A lane is a chain of steps; lanes of different phases run side by side. */
interface Lane {
  readonly steps: readonly PlacedStep[];
}

interface LaneEnd {
  readonly next: Next | null;
  readonly doneAt: ReadonlyMap<string, Instant>;
  /** When its last step that is done was done. */
  readonly end: Instant;
}

/**
 * Says what to do now. Preparation first; then every phase that may run, in order; then the closing steps. The first
 * call that anyone can make wins; else a person who is waited for; else the earliest moment.
 */
export function next(view: RolloutView): Next {
  const { procedure, state } = view;
  const rollBack = proposedRollBack(view);
  if (rollBack !== null) return rollBack;

  const prepare = walk(lane(procedure.prepare, null), state.startedAt, view);
  if (prepare.next !== null) return prepare.next;

  const waits: Wait[] = [];
  let allDone = true;
  let opened = prepare.end;
  let lastEnd = prepare.end;
  for (const phase of state.phases) {
    const { next: todo, doneAt, end } = walk(lane(procedure.eachPhase, phase), opened, view);
    if (todo?.do === "call") return todo;
    if (todo?.do === "wait") waits.push(todo);
    allDone &&= todo === null;
    if (end > lastEnd) lastEnd = end;
    const opensNext = doneAt.get(procedure.nextPhaseAfter);
    if (opensNext === undefined) break;
    if (opensNext > opened) opened = opensNext;
  }
  if (!allDone) return mostPressing([...waits, ...openFindings(view)]);
  return walk(lane(procedure.close, null), lastEnd, view).next ?? { do: "finished", why: "Every step of the procedure is done." };
}

const lane = (steps: readonly ProcedureStep[], phase: Phase | null): Lane => ({
  steps: steps.map((step) => placeStep(step, phase)),
});

/** A person can be waited for while time passes, so people come first; among times the earliest. */
function mostPressing(waits: readonly Wait[]): Next {
  const person = waits.find((wait) => wait.for !== "time");
  const [earliest] = waits.filter((wait) => wait.for === "time").sort((a, b) => ((a.until ?? "") < (b.until ?? "") ? -1 : 1));
  return person ?? earliest ?? { do: "finished", why: "Nothing is left to do." };
}

/**
 * Follows a lane to its first step that is not done.
 * @param opened - When the lane could begin: a repeated step that was done before then belongs to another lane.
 */
function walk({ steps }: Lane, opened: Instant, view: RolloutView): LaneEnd {
  const ends = new Map<string, Instant>();
  let chain = opened;
  for (const placed of steps) {
    const begin = notBefore(placed, ends, view);
    if (begin === null) return { next: noDateYet(placed), doneAt: ends, end: chain };
    // A step with a time of its own may have been done for another lane since then; one without follows the step before.
    const from = placed.step.wait === null && chain > begin ? chain : begin;
    const end = doneAt(placed, from, view);
    if (end === null) return { next: todo(placed, from, view), doneAt: ends, end: chain };
    ends.set(placed.step.id, end);
    if (end > chain) chain = end;
  }
  return { next: null, doneAt: ends, end: chain };
}

const noDateYet = (placed: PlacedStep): Wait =>
  waitFor("person", `${describe(placed)} depends on a date or step that the procedure does not set before it. Mend the procedure.`, {});

function todo(placed: PlacedStep, from: Instant, view: RolloutView): Next {
  const { state, procedure, now, today } = view;
  const { tool } = placed.step;
  const key = argsKey(placed.args);

  if (now < from) return waitFor("time", `${describe(placed)} is due then.`, { until: from });
  const paused = state.paused.get(`${tool} ${key}`);
  if (paused !== undefined && now < paused) {
    return waitFor("time", `${describe(placed)} goes on when the vendor's limit allows it.`, { until: paused });
  }
  if (NOT_ON_FROZEN_DAYS.has(tool) && isFrozen(today, procedure.settings.frozen)) {
    const until = instantAt(state.timeZone, nextWorkingDay(today, procedure.settings.frozen), WORK_HOUR);
    return waitFor("time", `Nothing starts on a frozen day; ${describe(placed)} follows on the next working day.`, { until });
  }
  const waiting = waitingPlan(view, tool, key);
  if (waiting !== null) return waiting;
  if (tool === "request_signoff" && signoffWasRequested(view)) {
    return waitFor("signoff", `The customer has the exception table; record the answer with: mfa-rollout signoff ${state.id}`, {});
  }
  return blockedBy(placed, view) ?? { do: "call", tool, args: { rollout: state.id, ...placed.args }, why: describe(placed) };
}

/** The wait for the person whose word an open plan of this tool and arguments needs. */
function waitingPlan(view: RolloutView, tool: string, key: string): Wait | null {
  const plan = openPlan(view, tool, key);
  if (plan?.status === "proposed" && !isCovered(plan, view.state, view.today)) {
    const why = `A person has to read and sign: ${plan.title}. They run: mfa-rollout approve ${plan.id}`;
    return waitFor("approval", why, { planId: plan.id });
  }
  if (plan?.status !== "denied") return null;
  const why = `The plan "${plan.title}" was refused. Talk to the approver, change what they objected to, then call ${tool} again.`;
  return waitFor("person", why, { planId: plan.id });
}

/** The newest plan of this tool and arguments that still asks for something. */
function openPlan({ state }: RolloutView, tool: string, key: string): PlanRecord | null {
  let newest: PlanRecord | null = null;
  for (const plan of state.plans.values()) {
    if (plan.tool !== tool || plan.argsKey !== key || plan.status === "superseded" || plan.status === "completed") continue;
    if (newest === null || plan.proposedAt >= newest.proposedAt) newest = plan;
  }
  return newest;
}

function signoffWasRequested({ state }: RolloutView): boolean {
  for (const effect of state.effects.values()) {
    if (effect.subject.kind === "signoff_mail" && effect.status === "done" && effect.subject.document === state.exceptions?.table) {
      return true;
    }
  }
  return false;
}

/** Gates that a fresh look at the sign-ins opens. */
const OPENED_BY_A_LOOK = new Set(["observation_incomplete", "observation_outdated", "previous_not_judged"]);

/** The gates that can be judged without asking a vendor; the tool asks the others when it is called. */
function blockedBy(placed: PlacedStep, view: RolloutView): Next | null {
  const { tool } = placed.step;
  const phase = placed.args.phase;
  if (tool !== "apply_ca_policy" || phase === undefined || placed.args.state !== "enforced") return null;
  const action = { kind: "policy", phase: phase as PhaseId, to: "enforced" } as const; // placed by us from the rollout's phases
  const found = blockers({ ...view, settings: view.procedure.settings, action, facts: null });
  if (found.length === 0) return null;

  const why = found.map(({ message }) => message).join(" ");
  const open = found.find(({ code }) => code === "finding_open");
  if (open !== undefined) return waitFor("finding", why, { findingIds: open.evidence });
  if (found.some(({ code, who }) => who === "technician" && OPENED_BY_A_LOOK.has(code))) {
    return { do: "call", tool: "fetch_signin_logs", args: { rollout: view.state.id }, why };
  }
  const persons = found.filter(({ who }) => who !== "wait");
  if (persons.length > 0 && persons.every(({ code }) => code === "too_many_not_capable")) return untilMoreEnrol(view, why);
  if (persons.length > 0) return waitFor("person", why, {});
  const [latest] = found.flatMap(({ until }) => until ?? []).sort().reverse();
  return waitFor("time", why, { until: latest ?? null });
}

/** People enrol by the day: the list is read anew on each working day until enough of them have. */
function untilMoreEnrol({ state, procedure, today }: RolloutView, why: string): Next {
  const readToday = state.list !== null && dateIn(state.timeZone, state.list.at) === today;
  if (!readToday) return { do: "call", tool: "reconcile_users", args: { rollout: state.id }, why };
  const day = nextWorkingDay(addDays(today, 1), procedure.settings.frozen);
  return waitFor("time", why, { until: instantAt(state.timeZone, day, WORK_HOUR) });
}

/** A finding is told as soon as nothing else can be done, so that there is time to mend it before the phase's date. */
function openFindings({ state, roster }: RolloutView): readonly Wait[] {
  const open = [...state.findings.values()].filter(
    ({ status, objectId }) => status === "open" && roster?.exceptedObjectIds.has(objectId) !== true,
  );
  if (open.length === 0) return [];
  const causes = open.slice(0, 3).map(({ cause, upn, remedy }) => `${upn}: ${cause.replaceAll("_", " ")}. ${remedy}`);
  const why = `${open.length} findings are open; enforcement would break these sign-ins. ${causes.join(" ")}`;
  return [waitFor("finding", why, { findingIds: open.map(({ id }) => id) })];
}

/** More people blocked than the procedure allows: rolling that phase back comes before anything else. */
function proposedRollBack(view: RolloutView): Next | null {
  const { state, procedure, now } = view;
  for (const phase of state.policies.keys()) {
    const judgement = judgePhase(state, phase, { settings: procedure.settings, now });
    if (judgement.state !== "failed") continue;
    const args = { phase, state: "roll_back" };
    const allowed = procedure.settings.blockedUsers;
    const why = `${judgement.blocked} users of ${phase} were blocked since enforcement; the procedure allows ${allowed}.`;
    return waitingPlan(view, "apply_ca_policy", argsKey(args)) ?? { do: "call", tool: "apply_ca_policy", args: { rollout: state.id, ...args }, why };
  }
  return null;
}

function waitFor(what: Wait["for"], why: string, more: Partial<Pick<Wait, "until" | "planId" | "findingIds">>): Wait {
  return { do: "wait", for: what, until: null, planId: null, findingIds: [], why, ...more };
}

function describe({ step, phase }: PlacedStep): string {
  const where = phase === null ? "" : ` for ${phase.department ?? "everyone (closing policy)"}`;
  return `Step "${step.id}" (${step.tool})${where}`;
}
