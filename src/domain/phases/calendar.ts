import type { ProcedureSettings } from "../model/procedure.ts";
import { addDays, type CalendarDate, weekday } from "../model/time.ts";

/** The days on which nothing starts, as a procedure sets them. */
type FrozenDays = ProcedureSettings["frozen"];

/** A procedure that leaves no working day in this many days is a mistake, not a calendar. */
const SEARCH_DAYS = 400;

/** Whether nothing may start on `day`: a frozen weekday or date, or one of the month's last days. */
export function isFrozen(day: CalendarDate, frozen: FrozenDays): boolean {
  const endsMonth = addDays(day, frozen.monthEndDays).slice(0, 7) !== day.slice(0, 7);
  return endsMonth || frozen.weekdays.includes(weekday(day)) || frozen.dates.includes(day);
}

/**
 * The first working day on or after `day`.
 * @throws {RangeError} every day is frozen: the procedure's settings are wrong.
 */
export const nextWorkingDay = (day: CalendarDate, frozen: FrozenDays): CalendarDate => seek(day, 1, frozen);

/**
 * The last working day before `day`, never `day` itself.
 * @throws {RangeError} every day is frozen: the procedure's settings are wrong.
 */
export const previousWorkingDay = (day: CalendarDate, frozen: FrozenDays): CalendarDate =>
  seek(addDays(day, -1), -1, frozen);

/**
 * When a phase is enforced: not before the lead time has passed, never on a frozen day, and on a later working day
 * than the phase before it, so that each enforcement can be judged before the next.
 * @param phase.previous - Date of the phase before; `null` for the first.
 */
export function enforcementDate(phase: {
  readonly announcedOn: CalendarDate;
  readonly leadDays: number;
  readonly previous: CalendarDate | null;
  readonly frozen: FrozenDays;
}): CalendarDate {
  const afterLead = addDays(phase.announcedOn, phase.leadDays);
  const afterPrevious = phase.previous === null ? afterLead : addDays(phase.previous, 1);
  return nextWorkingDay(afterPrevious > afterLead ? afterPrevious : afterLead, phase.frozen);
}

function seek(from: CalendarDate, step: 1 | -1, frozen: FrozenDays): CalendarDate {
  let day = from;
  for (let tries = 0; tries < SEARCH_DAYS; tries++) {
    if (!isFrozen(day, frozen)) return day;
    day = addDays(day, step);
  }
  throw new RangeError(`no working day within ${SEARCH_DAYS} days of ${from}`);
}
