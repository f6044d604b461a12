import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("reconcile_users", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness();
    rollout = await office.start();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  it("counts nobody when Entra refuses the registration report", async () => {
    const before = await office.ledger(rollout);
    await office.box.fail({ vendor: "graph", path: "userRegistrationDetails", kind: "status", status: 403, times: 9 });
    const answer = await office.call("reconcile_users", { rollout });
    await office.mend();
    expect(answer.structured).toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("AuditLog.Read.All"),
    });
    expect(await office.ledger(rollout)).toBe(before);
  });

  it("joins employees and accounts and says where each count comes from", async () => {
    const { structured } = await office.call("reconcile_users", { rollout });
    expect(structured).toMatchObject({
      employees_active: 214,
      accounts: 234,
      correlated: 219,
      orphan_accounts: 15,
      missing_accounts: 0,
      unknown_registration: 0,
      joiners: 0,
      leavers: 0,
      movers: 0,
    });
    expect(structured.sources).toHaveLength(4);
  });

  it("puts the enabled account of somebody who has left first, and says whose it is", async () => {
    const { structured } = await office.call("reconcile_users", { rollout });
    const departed = office.box.world.dump().departedButEnabled as { readonly id: string }; // of the world's own form
    const [first] = structured.findings as readonly unknown[]; // by its schema
    expect(first).toMatchObject({ kind: "departed_but_enabled", user_ids: [`usr_${departed.id}`] });
  });

  it("says who joined since the last look", async () => {
    office.advance(24 * 9);
    const { structured } = await office.call("reconcile_users", { rollout });
    expect(structured).toMatchObject({ employees_active: 215, joiners: 1, leavers: 0, movers: 0 });
  });

  it("refuses a rollout that does not exist", async () => {
    const { structured } = await office.call("reconcile_users", { rollout: "rol_nobody" });
    expect(structured).toMatchObject({ code: "ERR_NOT_FOUND", details: { known: [rollout] } });
  });
});
