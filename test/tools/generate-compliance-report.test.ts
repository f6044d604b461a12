import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("generate_compliance_report", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness();
    rollout = await office.start();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const report = () => office.call("generate_compliance_report", { rollout });

  it("refuses before the list has been read", async () => {
    expect((await report()).structured).toMatchObject({ code: "ERR_STATE", nextStep: "Call reconcile_users first." });
  });

  it("writes nothing while the live policies cannot be read", async () => {
    await office.call("reconcile_users", { rollout });
    await office.call("classify_exceptions", { rollout });
    const before = await office.ledger(rollout);
    await office.box.fail({ vendor: "graph", path: "/conditionalAccess/policies", kind: "status", status: 403 });
    expect((await report()).structured).toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("Policy.Read.All"),
    });
    expect(await office.ledger(rollout)).toBe(before);
  });

  it("accounts for every account, one kind each", async () => {
    const { structured } = await report();
    expect(structured).toMatchObject({ accounts: 234, enforced: 0, excepted: 14, report_only: 0 });
    const { enforced, excepted, report_only, not_covered, cannot_sign_in } = structured;
    const sum = [enforced, excepted, report_only, not_covered, cannot_sign_in].reduce<number>(
      (total, count) => total + Number(count),
      0,
    );
    expect(sum).toBe(234);
  });

  it("gives a PDF and the same as text", async () => {
    const { structured } = await report();
    const id = String(structured.pdf);
    const pdf = await readFile(join(office.home, "blobs", id.slice(0, 2), id));
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    const { structured: text } = await office.call("get_artifact", { rollout, artifact: "report" });
    expect(String(text.text)).toContain("Evidence of enforced multi-factor authentication");
  });

  it("never says that all can use MFA because the deadline is far away", async () => {
    const { text } = await report();
    expect(text).toContain("0 holdouts");
  });
});
