import type { Employee } from "../domain/model/people.ts";
import type { CalendarDate } from "../domain/model/time.ts";

/** The HR system. Read only. */
export interface HrPort {
  /** What this is in a sentence of ours: "BambooHR (larkfieldfoods)". */
  readonly source: string;
  /**
   * Yields every employee once, terminated and future ones included, in no promised order. Leave that is in force or
   * starts within 60 days of `today` is filled in from employment status and from approved time off.
   */
  listEmployees(options: { today: CalendarDate; signal: AbortSignal }): AsyncIterable<Employee>;
}
