import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("request_signoff", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness();
    rollout = await office.reconciled();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  it("refuses before there is a table", async () => {
    const { structured } = await office.call("request_signoff", { rollout });
    expect(structured).toMatchObject({ code: "ERR_STATE", nextStep: "Call classify_exceptions first." });
  });

  it("asks for a signature before it writes to the customer", async () => {
    await office.call("classify_exceptions", { rollout });
    const { structured } = await office.call("request_signoff", { rollout });
    expect(structured).toMatchObject({
      status: "approval_required",
      changes_done: 0,
      changes_total: 1,
      signed_off: false,
    });
    expect((await office.dump()).gmail).toMatchObject({ sent: [], drafts: [] });
  });

  it("mails the exact table to the contact alone, once, though the answer to the sending is lost", async () => {
    await office.approvePending();
    await office.box.fail({ vendor: "gmail", path: "/drafts/send$", kind: "lost_answer" });
    const { structured } = await office.call("request_signoff", { rollout });
    expect(structured).toMatchObject({ status: "done", changes_done: 1 });
    const { sent } = (await office.dump()).gmail;
    expect(sent).toMatchObject([{ to: ["morgan.ellery@larkfieldfoods.com"], cc: [] }]);
    expect(sent[0]?.text).toContain(String(structured.table_artifact));
  });

  it("waits for the customer's word, then says that it is there", async () => {
    const { structured: waiting } = await office.call("get_rollout", { rollout });
    expect(waiting.next).toMatchObject({ do: "wait", wait_for: "signoff" });
    await office.signOff(rollout);
    const { structured } = await office.call("request_signoff", { rollout });
    expect(structured).toMatchObject({ status: "nothing_to_do", signed_off: true });
    expect((await office.dump()).gmail.sent).toHaveLength(1);
  });
});
