declare const brand: unique symbol;

/** A point in time, ISO 8601 in UTC with milliseconds: `2026-10-05T07:30:00.000Z`. Sorts as text. */
export type Instant = string & { readonly [brand]: "Instant" };
/** A day in the customer's time zone, `YYYY-MM-DD`. Sorts as text. */
export type CalendarDate = string & { readonly [brand]: "CalendarDate" };

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** @throws {RangeError} not a date at all: check input from outside with a schema first. */
export const instant = (value: string | number | Date): Instant => new Date(value).toISOString() as Instant;

/** @throws {RangeError} not an existing day written `YYYY-MM-DD`. */
export function calendarDate(text: string): CalendarDate {
  const ok = /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) === text;
  if (!ok) throw new RangeError(`not a calendar date: ${text}`);
  return text as CalendarDate;
}

export const addHours = (at: Instant, hours: number): Instant => instant(Date.parse(at) + hours * HOUR_MS);
export const hoursBetween = (from: Instant, to: Instant): number => (Date.parse(to) - Date.parse(from)) / HOUR_MS;

export const addDays = (day: CalendarDate, days: number): CalendarDate =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10) as CalendarDate;

/** Whole days from one day to another; negative when `to` is earlier. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

/** 0 = Sunday … 6 = Saturday. */
export const weekday = (day: CalendarDate): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/** The day it is at `at` in an IANA time zone. */
export const dateIn = (timeZone: string, at: Instant): CalendarDate =>
  wallClock(timeZone, Date.parse(at)).slice(0, 10) as CalendarDate;

/** The instant at which the wall clock of `timeZone` shows `hour`:00 on `day` (a skipped hour gives the next one). */
export function instantAt(timeZone: string, day: CalendarDate, hour: number): Instant {
  const wanted = Date.parse(`${day}T${String(hour).padStart(2, "0")}:00:00Z`);
  const offset = (utc: number): number =>
    Date.parse(`${wallClock(timeZone, utc)}:00Z`) - Math.floor(utc / 60_000) * 60_000;
  const first = wanted - offset(wanted);
  return instant(wanted - offset(first));
}

/** By time zone; making one takes some hundred times as long as using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** What calendar and clock show in an IANA time zone: `2026-10-05T07:30`. */
function wallClock(timeZone: string, utc: number): string {
  const format = formats.get(timeZone) ?? newFormat(timeZone);
  formats.set(timeZone, format);
  const { year, month, day, hour, minute } = Object.fromEntries(
    format.formatToParts(utc).map(({ type, value }) => [type, value]),
  );
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

const newFormat = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
