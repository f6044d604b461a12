import type { Phase } from "../model/phase.ts";
import type { ProcedureStep } from "../model/procedure.ts";
import type { Instant } from "../model/time.ts";
import { type Next, type Wait, waitFor } from "./next/answer.ts";
import { keptOut } from "./next/kept-out.ts";
import { isCalledFor, unfinishedBridge } from "./next/legacy-mfa.ts";
import { oneLook } from "./next/one-look.ts";
import { openFindings } from "./next/open-findings.ts";
import { ticketsFirst } from "./next/tickets-first.ts";
import { describe, todo } from "./next/todo.ts";
import {
  carriedOutAt,
  isVacant,
  notBefore,
  type PlacedStep,
  placeStep,
  type RolloutView,
  stillHolds,
} from "./step-status.ts";

/** How far a lane is: a chain of steps. Lanes of different phases run side by side. */
interface LaneEnd {
  /** What its first step needs that is not done; `null`: all are. */
  readonly next: Next | null;
  /** When each step was carried out, by step id, as far as the first that never was. */
  readonly ends: ReadonlyMap<string, Instant>;
  /** The latest of them, or when the lane was opened. */
  readonly end: Instant;
}

/**
 * Says what to do now. Preparation first; then every phase that may run, in order; then the closing steps. The first
 * call that anyone can make wins; else a person who is waited for; else the earliest moment.
 */
export function next(view: RolloutView): Next {
  const { procedure, state } = view;
  const urgent = unfinishedBridge(view) ?? keptOut(view);
  if (urgent !== null) return urgent;

  const prepare = walk(placed(procedure.prepare, null), state.startedAt, view);
  if (prepare.next !== null) return prepare.next;

  const waits: Wait[] = [];
  let opened = prepare.end;
  let lastEnd = prepare.end;
  for (const phase of state.phases.filter((one) => !isVacant(one, view))) {
    const steps = placed(procedure.eachPhase, phase).filter((step) => isCalledFor(step, view));
    const lane = walk(steps, opened, view);
    const wanted = oneLook(lane.next, view);
    if (wanted?.do === "call") return wanted;
    if (wanted?.do === "wait") waits.push(wanted);
    if (lane.end > lastEnd) lastEnd = lane.end;
    const opensNext = lane.ends.get(procedure.nextPhaseAfter);
    if (opensNext === undefined) break;
    if (opensNext > opened) opened = opensNext;
  }
  if (waits.length > 0) return ticketsFirst(mostPressing([...waits, ...openFindings(view)]), view);
  const closing = walk(placed(procedure.close, null), lastEnd, view);
  return closing.next ?? finished;
}

const finished: Next = { do: "finished", why: "Every step of the procedure is done." };

const placed = (steps: readonly ProcedureStep[], phase: Phase | null): readonly PlacedStep[] =>
  steps.map((step) => placeStep(step, phase));

/** A person can be waited for while time passes, so people come first; among times the earliest. */
function mostPressing(waits: readonly Wait[]): Next {
  const person = waits.find((wait) => wait.for !== "time");
  const [earliest] = waits
    .filter(({ until }) => until !== null)
    .sort((a, b) => ((a.until ?? "") < (b.until ?? "") ? -1 : 1));
  return person ?? earliest ?? waits[0] ?? finished;
}

/**
 * Follows a lane. A step that was carried out and no longer holds (a joiner is not announced yet) is what the lane needs
 * next; those after it keep the times at which they were done, so that phases behind it are not held up again.
 * @param opened - When the lane could begin: a repeated step that was done before then belongs to another lane.
 */
function walk(steps: readonly PlacedStep[], opened: Instant, view: RolloutView): LaneEnd {
  const ends = new Map<string, Instant>();
  let next: Next | null = null;
  let end = opened;
  for (const step of steps) {
    const begin = notBefore(step, ends, view);
    if (begin === null) {
      next ??= noDateYet(step);
      break;
    }
    // A step with a time of its own may have been done for another lane since then; one without follows the step before.
    const from = step.step.wait === null && end > begin ? end : begin;
    const at = carriedOutAt(step, from, view);
    if (at === null || !stillHolds(step, view)) next ??= todo(step, from, view);
    if (at === null) break;
    ends.set(step.step.id, at);
    if (at > end) end = at;
  }
  return { next, ends, end };
}

const noDateYet = (step: PlacedStep): Wait =>
  waitFor(
    "person",
    `${describe(step)} depends on a date or step that the procedure does not set before it. Mend the procedure.`,
  );
