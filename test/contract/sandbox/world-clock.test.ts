import { describe, expect, it } from "vitest";
import { DAY, HOUR, START, world } from "./world-builder.ts";

describe("the world's clock", () => {
  it("lets everything due happen in order, at its own time, what is due at once included", () => {
    const here = world();
    const seen: string[] = [];
    const note = (what: string) => () => seen.push(`${what} ${(here.now() - START) / HOUR}`);
    here.schedule(START + 2 * HOUR, note("second"));
    here.schedule(START + HOUR, () => {
      note("first")();
      here.schedule(START + 1.5 * HOUR, note("between"));
    });
    here.schedule(START + 2 * HOUR, note("third"));
    here.schedule(START + 99 * HOUR, note("later"));
    here.moveTo(START + 3 * HOUR);
    expect(seen).toEqual(["first 1", "between 1.5", "second 2", "third 2"]);
  });

  it("runs on from where it was set and refuses to go back", () => {
    const here = world();
    here.moveTo(START + DAY);
    expect(here.now()).toBeGreaterThanOrEqual(START + DAY);
    expect(here.now()).toBeLessThan(START + DAY + 60_000);
    expect(() => here.moveTo(START)).toThrow(RangeError);
  });

  it("keeps local hours across the end of daylight saving time", () => {
    const here = world();
    here.moveTo(Date.parse("2026-11-04T00:00:00Z"));
    const scans = here.signIns.filter(({ clientAppUsed }) => clientAppUsed === "Authenticated SMTP");
    // 08:24 in Chicago: UTC-5 before 1 November, UTC-6 after.
    expect(scans.find(({ at }) => at.startsWith("2026-10-30"))?.at).toBe("2026-10-30T13:24:00.000Z");
    expect(scans.find(({ at }) => at.startsWith("2026-11-02"))?.at).toBe("2026-11-02T14:24:00.000Z");
  });
});
