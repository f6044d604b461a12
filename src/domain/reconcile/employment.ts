import type { Employee } from "../model/people.ts";
import type { CalendarDate } from "../model/time.ts";

/** Works here today. A hire counts from the first day on, because HR may turn the status a day or two late. */
export function isEmployed(employee: Employee, today: CalendarDate): boolean {
  if (employee.status !== "future") return employee.status === "active";
  return employee.hireDate !== null && employee.hireDate <= today;
}
