import type { Phase } from "../model/phase.ts";
import type { Procedure } from "../model/procedure.ts";
import type { CalendarDate } from "../model/time.ts";
import type { RolloutState } from "../rollout/state.ts";
import { enforcementDate } from "./calendar.ts";

/**
 * The enforcement date announced for a phase, or the one to announce today: the same rule for everyone, so that a late
 * mail names no other date. A date to announce may lie after the deadline; then it must not be announced.
 */
export function phaseDate(
  phase: Phase,
  on: {
    readonly state: Pick<RolloutState, "phases" | "enforcementDates">;
    readonly procedure: Procedure;
    readonly today: CalendarDate;
  },
): CalendarDate {
  const { state, procedure, today } = on;
  const announced = state.enforcementDates.get(phase.id);
  if (announced !== undefined) return announced;
  const before = state.phases
    .filter(({ order }) => order < phase.order)
    .flatMap(({ id }) => state.enforcementDates.get(id) ?? []);
  const { leadDays, frozen } = procedure.settings;
  return enforcementDate({ announcedOn: today, leadDays, previous: before.sort().at(-1) ?? null, frozen });
}
