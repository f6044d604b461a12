import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("get_artifact", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness();
    rollout = await office.reconciled();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  it("refuses what the rollout does not have", async () => {
    const { structured } = await office.call("get_artifact", { rollout, artifact: "exceptions" });
    expect(structured).toMatchObject({ code: "ERR_NOT_FOUND" });
  });

  it("gives the exceptions table that the customer signs, while every vendor is down", async () => {
    const { structured: classified } = await office.call("classify_exceptions", { rollout });
    await office.box.fail({ kind: "status", status: 503, times: 999 });
    const { structured } = await office.call("get_artifact", { rollout, artifact: String(classified.table_artifact) });
    await office.mend();
    expect(createHash("sha256").update(String(structured.text)).digest("hex")).toBe(classified.table_artifact);
  });

  it("gives a long text page by page, the pages together the whole", async () => {
    const { structured: report } = await office.call("generate_compliance_report", { rollout });
    let text = "";
    let offset: unknown = 0;
    while (offset !== undefined) {
      const { structured } = await office.call("get_artifact", { rollout, artifact: "report", offset });
      text += String(structured.text);
      offset = structured.next_offset;
    }
    expect(createHash("sha256").update(text).digest("hex")).toBe(report.text);
  });

  it("gives no other document of the data directory, such as the list of users", async () => {
    const { list } = await (await office.office.parts.store.open(rollout)).state();
    const { structured } = await office.call("get_artifact", { rollout, artifact: list?.hash });
    expect(structured).toMatchObject({ code: "ERR_NOT_FOUND" });
  });
});
