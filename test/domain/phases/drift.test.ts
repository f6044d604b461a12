import { describe, expect, it } from "vitest";
import { CLOSING_PHASE, type UserId } from "../../../src/domain/model/ids.ts";
import type { Told } from "../../../src/domain/model/phase.ts";
import { calendarDate } from "../../../src/domain/model/time.ts";
import { drift, type Place, placer } from "../../../src/domain/phases/drift.ts";
import { account, exception, IT, SALES, user } from "../../support/rollout-facts.ts";
import { PHASES } from "../../support/rollout-story.ts";

const DAY = calendarDate("2026-10-14");
const ID = user(1).id;

type Given = Partial<Place> | null;
const place = (over: Partial<Place>): Place => ({ id: ID, department: "Sales", stands: "in", expires: null, ...over });
const people = (given: Given): ReadonlyMap<UserId, Place> => new Map(given === null ? [] : [[ID, place(given)]]);

function kindOf(
  was: Given,
  is: Given,
  { phase = SALES, told = false, date = DAY }: { phase?: typeof SALES; told?: boolean; date?: typeof DAY | null } = {},
) {
  const toldSales = new Map<UserId, Told>(told ? [[ID, { phase: SALES, date: DAY, isLater: false }]] : []);
  const placing = { phases: PHASES, told: toldSales, renamed: new Map([[IT, SALES]]) };
  return drift(phase, { before: people(was), now: people(is), placing, date }).map(({ kind }) => kind);
}

describe("drift", () => {
  it.each<[string, Given, Given]>([
    ["joined", null, {}],
    ["joined", { stands: "gone" }, {}],
    ["moved_in", { department: "IT" }, {}],
    ["leave_ended", { stands: "leave" }, {}],
    ["exception_ended", { stands: "exception" }, {}],
    ["re_enabled", { stands: "disabled" }, {}],
    ["left", {}, null],
    ["left", {}, { stands: "gone" }],
    ["moved_out", {}, { department: "IT" }],
    ["leave_began", {}, { stands: "leave" }],
    ["exception_granted", {}, { stands: "exception" }],
    ["disabled", {}, { stands: "disabled" }],
  ])("is %s from %j to %j", (kind, was, is) => {
    expect(kindOf(was, is)).toEqual([kind]);
  });

  it("is none for whoever stands as before, or was never of the phase", () => {
    expect(kindOf({}, {})).toEqual([]);
    expect(kindOf({}, { department: " sales " })).toEqual([]);
    expect(kindOf({ department: "IT" }, { department: "Law" })).toEqual([]);
  });

  it("of somebody who moved and was told a date is that they stay with it", () => {
    expect(kindOf({}, { department: "IT" }, { told: true })).toEqual(["moved_and_stays"]);
    expect(kindOf({ department: "IT" }, { department: "Law" }, { told: true })).toEqual(["moved_and_stays"]);
  });

  it("tells an exception that ends before the enforcement, as far as its date is known", () => {
    const ends = (day: string) => ({ stands: "exception" as const, expires: calendarDate(day) });
    expect(kindOf(ends("2026-10-13"), ends("2026-10-13"))).toEqual(["exception_ends_before"]);
    expect(kindOf(ends("2026-10-14"), ends("2026-10-14"))).toEqual([]);
    expect(kindOf(ends("2026-10-13"), ends("2026-10-13"), { date: null })).toEqual([]);
  });

  it("of the closing phase is who came into its scope or left it, in whatever department", () => {
    expect(kindOf({ department: "IT" }, { department: "Law" }, { phase: CLOSING_PHASE })).toEqual([]);
    expect(kindOf(null, { department: "IT" }, { phase: CLOSING_PHASE })).toEqual(["joined"]);
  });
});

describe("placer", () => {
  const stands = (...args: Parameters<typeof user>) =>
    placer({ register: [exception(8, { kind: "on_leave" }), exception(9)], today: DAY })(user(...args)).stands;

  it("says why somebody is not concerned", () => {
    expect([stands(1), stands(8), stands(9)]).toEqual(["in", "leave", "exception"]);
    expect(stands(1, { account: account(1, { enabled: false }) })).toBe("disabled");
    expect(stands(1, { account: null })).toBe("gone");
    expect(stands(1, { account: account(1, { kind: "guest" }) })).toBe("gone");
  });
});
