import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, calendarDate } from "../../../src/domain/model/time.ts";
import { enforcementDate, isFrozen, nextWorkingDay, previousWorkingDay } from "../../../src/domain/phases/calendar.ts";

const FROZEN = { weekdays: [5, 6, 0], dates: ["2026-10-12"], monthEndDays: 1 };
const day = (text: string) => calendarDate(text);

describe("isFrozen", () => {
  it.each([
    ["2026-10-08", false, "a Thursday"],
    ["2026-10-09", true, "a Friday"],
    ["2026-10-12", true, "a listed holiday"],
    ["2026-09-30", true, "the last day of a month"],
    ["2026-09-29", false, "the day before it"],
  ])("%s is %s: %s", (text, frozen) => {
    expect(isFrozen(day(text), FROZEN)).toBe(frozen);
  });

  it("freezes no month end when that is 0 days", () => {
    expect(isFrozen(day("2026-09-30"), { ...FROZEN, monthEndDays: 0 })).toBe(false);
  });
});

describe("nextWorkingDay", () => {
  it("is the day itself when that is free", () => {
    expect(nextWorkingDay(day("2026-10-08"), FROZEN)).toBe("2026-10-08");
  });

  it("passes the weekend and the holiday after it", () => {
    expect(nextWorkingDay(day("2026-10-09"), FROZEN)).toBe("2026-10-13");
  });

  it("refuses a calendar without a working day", () => {
    expect(() => nextWorkingDay(day("2026-10-09"), { ...FROZEN, weekdays: [0, 1, 2, 3, 4, 5, 6] })).toThrow(RangeError);
  });
});

describe("previousWorkingDay", () => {
  it("is never the day itself", () => {
    expect(previousWorkingDay(day("2026-10-08"), FROZEN)).toBe("2026-10-07");
  });

  it("goes back over the holiday and the weekend", () => {
    expect(previousWorkingDay(day("2026-10-13"), FROZEN)).toBe("2026-10-08");
  });
});

describe("enforcementDate", () => {
  const base = { announcedOn: day("2026-10-06"), leadDays: 7, frozen: FROZEN };

  it("is the first working day after the lead time", () => {
    expect(enforcementDate({ ...base, previous: null })).toBe("2026-10-13");
    expect(enforcementDate({ ...base, leadDays: 3, previous: null })).toBe("2026-10-13");
  });

  it("is a working day later than the phase before", () => {
    expect(enforcementDate({ ...base, previous: day("2026-10-13") })).toBe("2026-10-14");
    expect(enforcementDate({ ...base, previous: day("2026-10-15") })).toBe("2026-10-19");
  });

  it("is never frozen, early or on the previous phase's day", () => {
    fc.assert(
      fc.property(fc.nat(900), fc.nat(30), fc.option(fc.nat(900)), (announced, leadDays, previous) => {
        const announcedOn = addDays(day("2026-01-01"), announced);
        const before = previous === null ? null : addDays(day("2026-01-01"), previous);
        const date = enforcementDate({ announcedOn, leadDays, previous: before, frozen: FROZEN });
        expect(isFrozen(date, FROZEN)).toBe(false);
        expect(date >= addDays(announcedOn, leadDays)).toBe(true);
        expect(before === null || date > before).toBe(true);
      }),
    );
  });
});
