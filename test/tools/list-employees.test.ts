import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("list_employees", () => {
  let office: Harness;
  beforeAll(async () => {
    office = await startHarness();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  it("counts the active employees by department, largest first", async () => {
    const { structured, text } = await office.call("list_employees", { customer: "larkfield" });
    expect(structured).toMatchObject({
      total: 214,
      departments: [
        { department: "‹Engineering›", people: 71 },
        { department: "‹Sales›", people: 58 },
        { department: "‹Operations›", people: 49 },
        { department: "‹Finance›", people: 24 },
        { department: "‹IT›", people: 12 },
      ],
      source: "BambooHR (larkfieldfoods)",
    });
    expect(text).toContain("214 employees");
  });

  it("pages through a department without losing or repeating anybody", async () => {
    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const args = { customer: "larkfield", department: "it", limit: 5, ...(cursor !== undefined && { cursor }) };
      const { structured } = await office.call("list_employees", args);
      seen.push(...(structured.employees as readonly { employee_id: string }[]).map((row) => row.employee_id)); // by its schema
      cursor = structured.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(12);
    expect(new Set(seen).size).toBe(12);
  });

  it.each(["‹IT›", " ＩＴ "])("knows a department however it is written: %s", async (department) => {
    expect((await office.call("list_employees", { customer: "larkfield", department })).structured.total).toBe(12);
  });

  it("refuses a department that HR does not have and names those it has", async () => {
    const { structured } = await office.call("list_employees", { customer: "larkfield", department: "Catering" });
    expect(structured).toMatchObject({
      code: "ERR_NOT_FOUND",
      nextStep: expect.stringContaining("‹Finance›"),
    });
  });

  it("says which right is missing when BambooHR refuses", async () => {
    await office.box.fail({ vendor: "bamboohr", kind: "status", status: 403, times: 9 });
    const answer = await office.call("list_employees", { customer: "larkfield" });
    await office.mend();
    expect(answer).toMatchObject({
      isError: true,
      structured: {
        code: "ERR_CONNECTOR_PERMISSION",
        remedy: "operator",
        message: expect.stringContaining("BambooHR"),
      },
    });
  });
});
