import type { Leave } from "../model/people.ts";
import { addDays, type CalendarDate, daysBetween } from "../model/time.ts";
import type { ExceptionRule } from "./rule.ts";

/** Time off shorter than this is a holiday: its end comes before a phase would, and it is no reason to go without MFA. */
const LEAVE_MIN_DAYS = 28;
/** How long an exception for leave without a known end holds after the deadline; then somebody looks again. */
const OPEN_END_DAYS = 90;

/**
 * An employee whom HR shows on leave today cannot register meanwhile. The exception ends with the leave. An employment
 * status says leave by itself; approved time off must be long, or every holiday would change the list that was signed.
 */
export const onLeave: ExceptionRule = ({ employee }, { today, deadline }) => {
  const leave = employee?.status === "active" ? employee.leave : null;
  if (leave === null || !isInForce(leave, today) || !isLong(leave, today)) return null;
  const source = leave.source === "employment_status" ? "employment status" : "approved time off";
  const from = leave.from === null ? "" : ` from ${leave.from}`;
  const seen = `HR: ${source} "${leave.label}"${from}${leave.until === null ? "" : ` until ${leave.until}`}.`;
  const openEnd = `HR knows no end, so this ends ${OPEN_END_DAYS} days after the deadline and is then looked at again.`;
  return {
    kind: "on_leave",
    confidence: "certain",
    evidence: leave.until === null ? [seen, openEnd] : [seen],
    expires: leave.until ?? addDays(deadline, OPEN_END_DAYS),
  };
};

const isInForce = ({ from, until }: Leave, today: CalendarDate): boolean =>
  (from === null || from <= today) && (until === null || today <= until);

function isLong({ source, from, until }: Leave, today: CalendarDate): boolean {
  return source === "employment_status" || until === null || daysBetween(from ?? today, until) + 1 >= LEAVE_MIN_DAYS;
}
