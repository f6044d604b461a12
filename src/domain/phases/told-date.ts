import { CLOSING_PHASE, type PhaseId, type UserId } from "../model/ids.ts";
import type { Phase } from "../model/phase.ts";
import type { Procedure } from "../model/procedure.ts";
import { addDays, type CalendarDate } from "../model/time.ts";
import type { RolloutState } from "../rollout/state.ts";
import { nextWorkingDay } from "./calendar.ts";
import { phaseDate } from "./phase-date.ts";

/** What somebody was told: with which phase, and from which day. */
export interface Told {
  readonly phase: PhaseId;
  readonly date: CalendarDate;
}

/** Everybody who was announced. Announcements from before dates were kept named their phase's. */
export function toldOf({
  mails,
  enforcementDates,
}: Pick<RolloutState, "mails" | "enforcementDates">): ReadonlyMap<UserId, Told> {
  const told = new Map<UserId, Told>();
  for (const [user, { phase, date }] of mails.get("announcement") ?? []) {
    told.set(user, { phase, date: date ?? enforcementDates.get(phase) ?? NEVER });
  }
  return told;
}

/** After every date there is: a mail whose phase has no date told none. */
const NEVER = "9999-12-31" as CalendarDate;

/**
 * The date that a user of a phase is told today: the phase's, or for whoever comes too late for that their own, after a
 * fair lead. The closing policy covers everybody from its date on, so no date is told beyond it.
 * @param on.isSpared - Whether the closing policy leaves the user out until the date that is told, since their
 * exception has ended and they were not told of any.
 */
export function dateToTell(
  phase: Phase,
  on: {
    readonly state: Pick<RolloutState, "phases" | "enforcementDates">;
    readonly procedure: Procedure;
    readonly today: CalendarDate;
    readonly isSpared: boolean;
  },
): CalendarDate {
  const { state, procedure, today, isSpared } = on;
  const date = phaseDate(phase, on);
  const { leadDays, lateLeadDays, frozen } = procedure.settings;
  const fair = nextWorkingDay(addDays(today, Math.min(lateLeadDays, leadDays)), frozen);
  if (date >= fair) return date;
  const closing = state.enforcementDates.get(CLOSING_PHASE);
  if (closing === undefined || isSpared || fair <= closing) return fair;
  return closing > today ? closing : today;
}
