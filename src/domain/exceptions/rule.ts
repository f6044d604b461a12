import type { Customer } from "../model/customer.ts";
import type { ExceptionVerdict } from "../model/exception.ts";
import type { User } from "../model/people.ts";
import type { CalendarDate } from "../model/time.ts";

export interface RuleContext {
  readonly customer: Customer;
  readonly today: CalendarDate;
  readonly deadline: CalendarDate;
}

/** What one rule sees in one user; `null` = nothing. `expires: null` leaves the expiry to the register's default. */
export type ExceptionRule = (user: User, context: RuleContext) => ExceptionVerdict | null;

/** The words of a sign-in name or display name, lower case: `SVC-SQL.reports@x` → svc, sql, reports. */
export function wordsOf(name: string): readonly string[] {
  return (
    name
      .replace(/@.*$/s, "")
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  );
}
