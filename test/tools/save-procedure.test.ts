import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notPrivate } from "../support/file-modes.ts";
import { type Harness, startHarness } from "../support/harness.ts";

describe("save_procedure", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.reconciled();
    await office.call("classify_exceptions", { rollout });
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const save = (more: Readonly<Record<string, unknown>> = {}) => office.call("save_procedure", { rollout, ...more });

  it("refuses while the rollout has no report", async () => {
    expect((await save()).structured).toMatchObject({ code: "ERR_STATE" });
  });

  it("refuses to save the customer's name", async () => {
    await office.call("generate_compliance_report", { rollout });
    const { structured } = await save({ name: "larkfield-mfa" });
    expect(structured).toMatchObject({ code: "ERR_INPUT", message: expect.stringContaining("the customer's name") });
    await expect(readdir(join(office.home, "procedures"))).rejects.toThrow("ENOENT");
  });

  it("saves the next version with what the rollout taught, while every vendor is down", async () => {
    await office.box.fail({ kind: "status", status: 503, times: 999 });
    const { structured } = await save();
    await office.mend();
    expect(structured).toMatchObject({ procedure: "insurer-mfa", version: "1.1.0" });
    expect(structured.lessons).toEqual([expect.stringContaining("Exceptions granted:")]);
  });

  it("saves the same again as the same", async () => {
    const [first, second] = [await save({ name: "bank-mfa" }), await save({ name: "bank-mfa" })];
    expect(first.structured).toMatchObject({ procedure: "bank-mfa", version: "1.0.0" });
    expect(second.structured.hash).toBe(first.structured.hash);
  });

  it("leaves nothing that others may read, nor did the report before it", async () => {
    const { open, names } = await notPrivate(office.home);
    expect(open).toEqual([]);
    expect(names).toContain(join("procedures", "bank-mfa-1.0.0"));
  });
});
