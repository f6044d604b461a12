import type { Employee } from "../domain/model/people.ts";
import type { CalendarDate } from "../domain/model/time.ts";
import type { Checked } from "./check.ts";

/** The HR system. Read only. */
export interface HrPort extends Checked {
  /**
   * Yields every employee once, terminated and future ones included, in no promised order. Leave that is in force or
   * starts within 60 days of `today` is filled in from employment status and from approved time off.
   */
  listEmployees(options: { today: CalendarDate; signal: AbortSignal }): AsyncIterable<Employee>;
}
