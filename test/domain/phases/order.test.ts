import { describe, expect, it } from "vitest";
import { buildPhases } from "../../../src/domain/phases/order.ts";

const DEPARTMENTS = [
  { name: "Sales", people: 58 },
  { name: "Engineering", people: 71 },
  { name: "IT", people: 12 },
  { name: "Finance", people: 24 },
  { name: "Closed", people: 0 },
];
const names = (phases: ReturnType<typeof buildPhases>) =>
  Array.isArray(phases) ? phases.map(({ department }) => department) : phases;

describe("buildPhases", () => {
  it("leads with IT, goes on with the smaller and closes with everyone", () => {
    expect(names(buildPhases(DEPARTMENTS, null))).toEqual(["IT", "Finance", "Sales", "Engineering", null]);
  });

  it("numbers the phases from 0", () => {
    expect(buildPhases(DEPARTMENTS.slice(0, 1), null)).toEqual([
      { id: "phase_sales", department: "Sales", order: 0 },
      { id: "phase_closing", department: null, order: 1 },
    ]);
  });

  it("takes the wanted order first, whatever its case or width, and the rest smaller first", () => {
    expect(names(buildPhases(DEPARTMENTS, ["ＳＡＬＥＳ", "finance"]))).toEqual([
      "Sales",
      "Finance",
      "IT",
      "Engineering",
      null,
    ]);
  });

  it("reports unknown, empty and repeated departments", () => {
    expect(buildPhases(DEPARTMENTS, ["Sales", "Legal", "sales", "Closed"])).toEqual({
      unknown: ["Legal"],
      empty: ["Closed"],
      duplicate: ["sales"],
    });
  });

  it("joins departments that differ only in case", () => {
    const phases = buildPhases(
      [
        { name: "Sales", people: 1 },
        { name: "SALES", people: 9 },
        { name: "Ops", people: 5 },
      ],
      null,
    );
    expect(names(phases)).toEqual(["Ops", "Sales", null]);
  });

  it("gives no phase to a name that would take the closing phase's id", () => {
    expect(
      names(
        buildPhases(
          [
            { name: "Closing", people: 3 },
            { name: "--", people: 2 },
          ],
          null,
        ),
      ),
    ).toEqual([null]);
  });
});
