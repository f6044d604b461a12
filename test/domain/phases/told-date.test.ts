import { expect, it } from "vitest";
import { CLOSING_PHASE, type PhaseId } from "../../../src/domain/model/ids.ts";
import { calendarDate } from "../../../src/domain/model/time.ts";
import { datesToTell, toldOf } from "../../../src/domain/phases/told-date.ts";
import { rolloutState, roster, SALES, user } from "../../support/rollout-facts.ts";
import { PROCEDURE } from "../../support/rollout-story.ts";

const WHO = user(1).id;

/** What somebody of Sales is told on a day; seven days' lead for a phase, three for who comes late. */
function told(
  today: string,
  dates: Readonly<Record<PhaseId, string>>,
  people: Parameters<typeof roster>[0] = {},
): string {
  const enforcementDates = new Map(
    Object.entries(dates).map(([phase, date]) => [phase as PhaseId, calendarDate(date)] as const), // the keys are phases
  );
  const state = rolloutState({ enforcementDates });
  const phase = { id: SALES, department: "Sales", order: 1 };
  const view = { state, roster: roster(people), procedure: PROCEDURE, today: calendarDate(today) };
  return datesToTell(phase, view)(WHO);
}

it.each([
  ["the phase's date, made now", "2026-10-05", {}, "2026-10-13"],
  ["the phase's date while the lead is fair", "2026-10-05", { [SALES]: "2026-10-08" }, "2026-10-08"],
  ["a later one of their own when it is not", "2026-10-06", { [SALES]: "2026-10-08" }, "2026-10-13"],
  [
    "no later one than the closing policy's",
    "2026-10-19",
    { [SALES]: "2026-10-08", [CLOSING_PHASE]: "2026-10-20" },
    "2026-10-20",
  ],
  ["today once that has passed", "2026-10-21", { [SALES]: "2026-10-08", [CLOSING_PHASE]: "2026-10-20" }, "2026-10-21"],
])("tells %s", (_, today, dates, expected) => {
  expect(told(today, dates)).toBe(expected);
});

it("tells a fair date to whom the enforced closing policy leaves out until it", () => {
  const dates = { [SALES]: "2026-10-08", [CLOSING_PHASE]: "2026-10-20" };
  expect(told("2026-10-21", dates, { returning: [1], enforced: [CLOSING_PHASE] })).toBe("2026-10-26");
});

it("never tells anybody another date than before, and takes the phase's where none was kept", () => {
  const sent = (date: object) => ({ phase: SALES, at: rolloutState().startedAt, managerCopied: true, ...date });
  const announced = (date: object) =>
    toldOf(
      rolloutState({
        enforcementDates: new Map([[SALES, calendarDate("2026-10-08")]]),
        mails: new Map([["announcement", new Map([[WHO, sent(date)]])]]),
      }),
    ).get(WHO);
  expect(announced({})).toEqual({ phase: SALES, date: "2026-10-08", isLater: false });
  expect(announced({ date: "2026-10-13" })).toEqual({ phase: SALES, date: "2026-10-13", isLater: true });
});
