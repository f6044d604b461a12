import type { CalendarDate, Instant } from "../domain/model/time.ts";

const NUMBERS = new Intl.NumberFormat("en-GB");

export const number = (value: number): string => NUMBERS.format(value);

/** Rounded down, so that 100 % is only ever said of all. */
export const percent = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${Math.floor((part / whole) * 100)} %`;

/** "5 October 2026". */
export const longDate = (day: CalendarDate): string =>
  new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));

/** "5 Oct 2026, 09:30" on the wall clock of the zone. */
export const dateTime = (at: Instant, timeZone: string): string =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone,
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(at));

/** `on_leave` → "on leave". */
export const words = (code: string): string => code.replaceAll("_", " ");
