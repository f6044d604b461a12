import { type Instant, instantAt } from "../../model/time.ts";
import { isFrozen, nextWorkingDay } from "../../phases/calendar.ts";
import { phaseDate } from "../../phases/phase-date.ts";
import { NOT_ON_FROZEN_DAYS, type PlacedStep, type RolloutView, WORK_HOUR } from "../step-status.ts";
import { callFor, type Next, type Wait, waitFor } from "./answer.ts";
import { personNeeded } from "./decision.ts";
import { heldBack } from "./gates.ts";
import { paused } from "./paused.ts";
import { unprovenToday } from "./unproven.ts";

/**
 * What a step that is not done needs now: time, a person, or its tool's call.
 * @param from - When it may begin at the earliest.
 */
export function todo(placed: PlacedStep, from: Instant, view: RolloutView): Next {
  const { state, now } = view;
  const work = { tool: placed.step.tool, args: placed.args };
  const what = describe(placed);
  if (now < from) return waitFor("time", `${what} is due then.`, { until: from });
  const call = callFor(state, { ...work, why: what });
  // A sign-off that is recorded needs no mail any more: the tool only takes note of it.
  if (work.tool === "request_signoff" && isSignedOff(view)) return call;
  return (
    paused(view, work, what) ??
    untilWorkingDay(placed, view) ??
    tooLate(placed, view) ??
    personNeeded(view, work) ??
    consentAskedFor(placed, view) ??
    unprovenToday(placed, view) ??
    heldBack(placed, view) ??
    call
  );
}

function untilWorkingDay(placed: PlacedStep, { state, procedure, today }: RolloutView): Wait | null {
  const { frozen } = procedure.settings;
  if (!NOT_ON_FROZEN_DAYS.has(placed.step.tool) || !isFrozen(today, frozen)) return null;
  const until = instantAt(state.timeZone, nextWorkingDay(today, frozen), WORK_HOUR);
  return waitFor("time", `Nothing starts on a frozen day; ${describe(placed)} follows on the next working day.`, {
    until,
  });
}

/** A date after the deadline is not announced: people decide what gives way. */
function tooLate(placed: PlacedStep, view: RolloutView): Wait | null {
  const { step, phase } = placed;
  if (step.tool !== "send_phase_email" || phase === null || view.state.enforcementDates.has(phase.id)) return null;
  const date = phaseDate(phase, view);
  if (date <= view.state.deadline) return null;
  const why = `${describe(placed)} would announce ${date}, after the deadline ${view.state.deadline}. A person has to move the deadline, shorten the procedure's lead time, or accept fewer phases.`;
  return waitFor("person", why);
}

const isSignedOff = ({ state: { signoff, exceptions } }: RolloutView): boolean =>
  signoff !== null && signoff.table === exceptions?.table;

/** The mail with exactly this table is out, so the customer is the next to act. */
function consentAskedFor({ step }: PlacedStep, { state }: RolloutView): Wait | null {
  if (step.tool !== "request_signoff") return null;
  const isAsked = state.effects
    .values()
    .some(
      ({ subject, status }) =>
        subject.kind === "signoff_mail" && status === "done" && subject.document === state.exceptions?.table,
    );
  if (!isAsked) return null;
  return waitFor(
    "signoff",
    `The customer has the exception table; record the answer with: mfa-rollout signoff ${state.id}`,
  );
}

/** A step as people name it. The phase by its id: a department's name is outside text, and this is read by a model. */
export const describe = ({ step, phase }: PlacedStep): string =>
  `Step "${step.id}" (${step.tool})${phase === null ? "" : ` for ${phase.id}`}`;
