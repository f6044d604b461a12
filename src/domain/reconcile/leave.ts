import type { Leave } from "../model/people.ts";
import { addDays, type CalendarDate, daysBetween } from "../model/time.ts";

/** Days off, both included. */
export interface TimeOff {
  readonly from: CalendarDate;
  readonly until: CalendarDate;
}

/** Leave that starts later than this is not yet of interest (HrPort). */
export const LEAVE_HORIZON_DAYS = 60;
/** A long absence is often booked week by week; a weekend between two bookings does not end it. */
const LARGEST_GAP_DAYS = 3;

/**
 * Leave by the employee's current status row. HR systems keep no end with such a row.
 *
 * @param row.since - Day from which the row holds; `null` when the company does not keep it.
 * @param row.words - A label that holds any of these, whatever its case, is a leave: the labels are the company's own.
 */
export function leaveByStatus(row: {
  label: string | null;
  since: CalendarDate | null;
  today: CalendarDate;
  words: readonly string[];
}): Leave | null {
  const { label, since, today, words } = row;
  if (label === null || !words.some((word) => label.toLowerCase().includes(word.toLowerCase()))) return null;
  if (since !== null && daysBetween(today, since) > LEAVE_HORIZON_DAYS) return null;
  return { source: "employment_status", label, from: since, until: null };
}

/**
 * The first long absence among an employee's approved days off. Days that follow one another count as one absence;
 * shorter ones are holidays and no leave.
 *
 * @param options.minDays - Shortest absence that is a leave, in days, both ends included.
 */
export function leaveByTimeOff(
  daysOff: readonly TimeOff[],
  options: { today: CalendarDate; minDays: number },
): Leave | null {
  const absence = joinAdjacent(daysOff).find(
    ({ from, until }) =>
      daysBetween(from, until) + 1 >= options.minDays &&
      until >= options.today &&
      from <= addDays(options.today, LEAVE_HORIZON_DAYS),
  );
  return absence === undefined ? null : { source: "time_off", label: "Approved time off", ...absence };
}

function joinAdjacent(daysOff: readonly TimeOff[]): readonly TimeOff[] {
  const joined: TimeOff[] = [];
  for (const next of daysOff.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = joined.at(-1);
    if (last !== undefined && daysBetween(last.until, next.from) <= LARGEST_GAP_DAYS) {
      joined[joined.length - 1] = { from: last.from, until: last.until > next.until ? last.until : next.until };
    } else joined.push(next);
  }
  return joined;
}
