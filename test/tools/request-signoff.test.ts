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

describe("a request whose end is not known when another table comes to stand", () => {
  /** The mail with the first table went out, nobody knows; then a person added an exception. Both tables, by their hash. */
  async function withAnotherTable(office: Harness) {
    const rollout = await office.reconciled();
    const classify = async (overrides: readonly unknown[] = []): Promise<string> =>
      String((await office.call("classify_exceptions", { rollout, overrides })).structured.table_artifact);
    const first = await classify();
    await office.call("request_signoff", { rollout });
    await office.approvePending();
    await office.box.fail(
      { vendor: "gmail", path: "/drafts/send$", kind: "lost_answer" },
      { vendor: "gmail", method: "GET", kind: "status", status: 403, times: 99 },
    );
    expect((await office.call("request_signoff", { rollout })).isError).toBe(true);
    await office.mend();
    const { users } = (await office.call("list_users", { rollout, phase: "phase_finance", limit: 1 })).structured;
    const [user] = users as readonly { readonly user_id: string }[]; // by its schema
    const why = { reason: "The owner will not carry a telephone.", owner: "Morgan Ellery", expires: "2026-12-31" };
    const second = await classify([{ user_id: user?.user_id, action: "add", ...why }]);
    expect(second).not.toBe(first);
    return { rollout, first, second };
  }

  it("ends with its own table, and the customer is then asked to sign the one that stands", async () => {
    await using office = await startHarness({ employees: 60 });
    const { rollout, first, second } = await withAnotherTable(office);
    const request = () => office.call("request_signoff", { rollout });

    const { structured, text } = await request();
    expect(structured).toMatchObject({ status: "done", table_artifact: first });
    expect(text).toContain("Another table stands by now");
    expect((await office.look(rollout)).next).toMatchObject({ do: "call", tool: "request_signoff" });

    expect((await request()).structured).toMatchObject({ status: "approval_required", table_artifact: second });
    await office.approvePending();
    expect((await request()).structured).toMatchObject({ status: "done", changes_done: 1, table_artifact: second });
    const { sent } = (await office.dump()).gmail;
    expect(sent.map(({ headers }) => headers["X-MFA-Rollout-Key"])).toEqual(
      [first, second].map((table) => `${rollout}/signoff/${table.slice(0, 16)}`),
    );
    expect(sent[1]?.text).toContain(second);
    expect((await office.look(rollout)).next).toMatchObject({ do: "wait", wait_for: "signoff" });
  });
});
