import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("list_users", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness();
    rollout = await office.start();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  it("refuses before the list has been read", async () => {
    const { structured } = await office.call("list_users", { rollout });
    expect(structured).toMatchObject({ code: "ERR_STATE", nextStep: "Call reconcile_users first." });
  });

  it("finds those of a phase who cannot use MFA", async () => {
    await office.call("reconcile_users", { rollout });
    await office.call("classify_exceptions", { rollout });
    const { structured } = await office.call("list_users", { rollout, phase: "phase_it", show: "not_capable" });
    expect(structured).toMatchObject({
      total: 3,
      users: [{ phase: "phase_it", mfa: "none" }, { phase: "phase_it" }, { phase: "phase_it" }],
    });
  });

  it("shows the exceptions with their kind and in no phase", async () => {
    const { structured } = await office.call("list_users", { rollout, show: "excepted", limit: 50 });
    expect(structured.total).toBe(14);
    const users = structured.users as readonly { phase: string; exception: string }[]; // by its schema
    expect(users.map(({ phase }) => phase)).toEqual(Array(14).fill(""));
    expect(users.filter(({ exception }) => exception === "service_account")).toHaveLength(4);
  });

  it("lists every user once, page by page", async () => {
    const seen: string[] = [];
    let cursor: unknown;
    do {
      const { structured } = await office.call("list_users", {
        rollout,
        limit: 50,
        ...(cursor !== undefined && { cursor }),
      });
      seen.push(...(structured.users as readonly { user_id: string }[]).map((row) => row.user_id)); // by its schema
      cursor = structured.next_cursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect((await office.call("list_users", { rollout })).structured.total).toBe(seen.length);
  });

  it.each(["it", "‹IT›", " ＩＴ "])("knows a department however it is written: %s", async (department) => {
    const { structured } = await office.call("list_users", { rollout, department });
    expect(structured.users).not.toEqual([]);
    expect(new Set((structured.users as readonly { department: string }[]).map((row) => row.department))).toEqual(
      new Set(["‹IT›"]),
    ); // by its schema
  });

  it("answers while every vendor is down", async () => {
    await office.box.fail({ kind: "status", status: 503, times: 999 });
    const { isError } = await office.call("list_users", { rollout });
    await office.mend();
    expect(isError).toBe(false);
  });
});
