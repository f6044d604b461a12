export interface Holiday {
  readonly id: number;
  readonly name: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
}

const MONDAY = 1;
const THURSDAY = 4;

/** The company's holidays of a year, in order. */
export function holidaysOf(year: number): readonly Holiday[] {
  const named = [
    ["New Year's Day", `${year}-01-01`],
    ["Independence Day", `${year}-07-04`],
    ["Columbus Day", nthWeekday(year, 10, MONDAY, 2)],
    ["Veterans Day", `${year}-11-11`],
    ["Thanksgiving Day", nthWeekday(year, 11, THURSDAY, 4)],
    ["Christmas Day", `${year}-12-25`],
  ] as const;
  return named.map(([name, date], index) => ({ id: (year % 100) * 100 + index, name, date }));
}

/** The date of the `nth` such weekday of a month; months count from 1, weekdays from Sunday. */
function nthWeekday(...[year, month, weekday, nth]: readonly [number, number, number, number]): string {
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const day = 1 + ((weekday - first + 7) % 7) + (nth - 1) * 7;
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}
