import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  addHours,
  calendarDate,
  dateIn,
  daysBetween,
  hoursBetween,
  instant,
  instantAt,
  weekday,
} from "../../../src/domain/model/time.ts";

const ZONES = [
  "America/Chicago",
  "Europe/Amsterdam",
  "Asia/Kathmandu",
  "Pacific/Auckland",
  "Pacific/Kiritimati",
  "America/St_Johns",
  "UTC",
];
const day = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2035-12-31"), noInvalidDate: true })
  .map((date) => calendarDate(date.toISOString().slice(0, 10)));
const OPTIONS = { numRuns: 200, verbose: 1 } as const;

describe("instant", () => {
  it("is UTC with milliseconds, whatever it was written as, so that it sorts as text", () => {
    expect(instant("2026-10-05T09:30:00+02:00")).toBe("2026-10-05T07:30:00.000Z");
    expect(instant(0)).toBe("1970-01-01T00:00:00.000Z");
    expect(instant("2026-10-05T07:30:00Z") < instant("2026-10-05T07:30:00.001Z")).toBe(true);
  });

  it("refuses what is no time", () => {
    expect(() => instant("soon")).toThrow(RangeError);
  });
});

describe("calendarDate", () => {
  it("takes an existing day", () => {
    expect(calendarDate("2028-02-29")).toBe("2028-02-29");
  });

  it.each(["2026-02-29", "2026-13-01", "2026-1-1", "2026-10-05T00:00:00Z", "05.10.2026", "", " 2026-10-05"])(
    "refuses %j",
    (text) => {
      expect(() => calendarDate(text)).toThrow(RangeError);
    },
  );
});

describe("days and hours", () => {
  it("are counted over months, years and changes of the clock", () => {
    expect(addDays(calendarDate("2026-12-31"), 1)).toBe("2027-01-01");
    expect(addDays(calendarDate("2028-03-01"), -1)).toBe("2028-02-29");
    expect(addHours(instant("2026-10-25T00:00:00Z"), 24)).toBe("2026-10-26T00:00:00.000Z");
    expect(hoursBetween(instant("2026-10-05T00:00:00Z"), instant("2026-10-05T01:30:00Z"))).toBe(1.5);
  });

  it("undo each other", () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -4000, max: 4000 }), (from, days) => {
        expect(daysBetween(from, addDays(from, days))).toBe(days);
        expect(addDays(addDays(from, days), -days)).toBe(from);
        expect(Math.abs(weekday(addDays(from, days)) - weekday(from) - days) % 7).toBe(0);
      }),
      OPTIONS,
    );
  });

  it("know the day of the week, 0 = Sunday", () => {
    expect([weekday(calendarDate("2026-10-04")), weekday(calendarDate("2026-10-05"))]).toEqual([0, 1]);
  });
});

describe("a day in a time zone", () => {
  it("changes at the customer's midnight", () => {
    expect(dateIn("America/Chicago", instant("2026-10-05T04:59:59Z"))).toBe("2026-10-04");
    expect(dateIn("America/Chicago", instant("2026-10-05T05:00:00Z"))).toBe("2026-10-05");
    expect(dateIn("Pacific/Kiritimati", instant("2026-10-05T10:00:00Z"))).toBe("2026-10-06");
  });

  it.each([
    ["America/Chicago", "2026-10-15", 8, "2026-10-15T13:00:00.000Z"],
    ["America/Chicago", "2026-12-15", 8, "2026-12-15T14:00:00.000Z"],
    ["Europe/Amsterdam", "2026-10-25", 0, "2026-10-24T22:00:00.000Z"],
    ["Europe/Amsterdam", "2026-10-25", 8, "2026-10-25T07:00:00.000Z"],
    ["Asia/Kathmandu", "2026-10-15", 8, "2026-10-15T02:15:00.000Z"],
    ["Europe/Amsterdam", "2026-03-29", 3, "2026-03-29T01:00:00.000Z"],
  ])("in %s shows %s %i:00 at the right instant", (zone, date, hour, expected) => {
    expect(instantAt(zone, calendarDate(date), hour)).toBe(expected);
  });

  it("gives the next hour for one that the clock skips", () => {
    expect(instantAt("Europe/Amsterdam", calendarDate("2026-03-29"), 2)).toBe("2026-03-29T01:00:00.000Z");
  });

  it("holds the instant of every working hour of it", () => {
    fc.assert(
      fc.property(day, fc.constantFrom(...ZONES), fc.integer({ min: 4, max: 23 }), (date, zone, hour) => {
        const at = instantAt(zone, date, hour);
        expect(dateIn(zone, at)).toBe(date);
        const shown = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", hourCycle: "h23" }).format(
          new Date(at),
        );
        expect(Number(shown)).toBe(hour);
      }),
      OPTIONS,
    );
  });
});
