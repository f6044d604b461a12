export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The calendar of one time zone. Dates are `YYYY-MM-DD`, instants are ms since 1970. */
export class Calendar {
  readonly #format: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  }

  /** The local date of an instant. */
  dateOf(ms: number): string {
    return new Date(ms + this.#offset(ms)).toISOString().slice(0, 10);
  }

  /** The instant of a local hour of a date; `hour` may be fractional. */
  at(date: string, hour: number): number {
    const asIfUtc = Date.parse(`${date}T00:00:00Z`) + Math.round(hour * HOUR_MS);
    // The first guess may lie on the other side of a clock change; its own offset then puts it right.
    const guess = asIfUtc - this.#offset(asIfUtc);
    return asIfUtc - this.#offset(guess);
  }

  /** Local time minus UTC, in ms. */
  #offset(ms: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(ms)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
  }
}

/** The date `days` later, or earlier when negative. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function isWeekend(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return day === 0 || day === 6;
}
