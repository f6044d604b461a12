import { type CalendarDate, weekday } from "../model/time.ts";

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = "January February March April May June July August September October November December".split(" ");

/** "Thursday 29 October 2026": with the weekday, because people plan by it, and without a numeric month to misread. */
export function spelledDate(day: CalendarDate): string {
  const [year, month, date] = day.split("-").map(Number);
  return `${WEEKDAYS[weekday(day)]} ${date} ${MONTHS[Number(month) - 1]} ${year}`;
}
