import { describe, expect, it } from "vitest";
import { startHarness } from "../support/harness.ts";

describe("list_procedures", () => {
  it("names the stored procedures and the rollouts that used them, while every vendor is down", async () => {
    await using office = await startHarness({ employees: 60 });
    const rollout = await office.start();
    await office.box.fail({ kind: "status", status: 503, times: 999 });
    const { structured } = await office.call("list_procedures");
    expect(structured.procedures).toMatchObject([{ id: "insurer-mfa", version: "1.0.0", used_by: [rollout] }]);
  });

  it("refuses an argument that it does not know", async () => {
    await using office = await startHarness({ employees: 60 });
    const { structured } = await office.call("list_procedures", { customer: "larkfield" });
    expect(structured).toMatchObject({ code: "ERR_INPUT", message: expect.stringContaining("customer") });
  });
});
