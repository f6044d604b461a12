import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("classify_exceptions", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness();
    rollout = await office.start();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const override = async () => {
    const { structured } = await office.call("list_users", { rollout, phase: "phase_finance", limit: 1 });
    const [user] = structured.users as readonly { user_id: string }[]; // by its schema
    return {
      user_id: user?.user_id ?? "",
      action: "add",
      reason: "The owner will not carry a telephone.",
      owner: "Morgan Ellery",
      expires: "2026-12-31",
    };
  };

  it("refuses before the list has been read", async () => {
    const { structured } = await office.call("classify_exceptions", { rollout });
    expect(structured).toMatchObject({ code: "ERR_STATE", nextStep: "Call reconcile_users first." });
  });

  it("tags exactly the fourteen accounts of Larkfield Foods, while every vendor is down", async () => {
    await office.call("reconcile_users", { rollout });
    await office.box.fail({ kind: "status", status: 503, times: 999 });
    const { structured } = await office.call("classify_exceptions", { rollout });
    await office.mend();
    expect(structured).toMatchObject({
      total: 14,
      by_kind: [
        { kind: "emergency_access", count: 2 },
        { kind: "directory_sync", count: 1 },
        { kind: "service_account", count: 4 },
        { kind: "shared_mailbox", count: 4 },
        { kind: "on_leave", count: 3 },
      ],
      signed_off: false,
    });
    expect(String(structured.table)).toMatch(/^# Accounts without enforced MFA at Larkfield Foods\n/);
  });

  it("keeps the sign-off while the table stays the same, and loses it with the next exception", async () => {
    await office.signOff(rollout);
    expect((await office.call("classify_exceptions", { rollout })).structured.signed_off).toBe(true);
    const { structured } = await office.call("classify_exceptions", { rollout, overrides: [await override()] });
    expect(structured).toMatchObject({ total: 15, signed_off: false });
  });

  it("keeps a person's override for later calls", async () => {
    expect((await office.call("classify_exceptions", { rollout })).structured.total).toBe(15);
  });

  it("refuses an override for nobody and changes nothing", async () => {
    const before = await office.ledger(rollout);
    const wrong = { ...(await override()), user_id: "usr_nobody" };
    const { structured } = await office.call("classify_exceptions", { rollout, overrides: [wrong] });
    expect(structured).toMatchObject({ code: "ERR_INPUT", message: expect.stringContaining("usr_nobody") });
    expect(await office.ledger(rollout)).toBe(before);
  });
});
