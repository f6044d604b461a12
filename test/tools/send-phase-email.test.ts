import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("send_phase_email", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness();
    rollout = await office.reconciled();
    await office.call("classify_exceptions", { rollout });
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const announce = (more: Readonly<Record<string, unknown>> = {}) =>
    office.call("send_phase_email", { rollout, phase: "phase_it", kind: "announcement", ...more });

  it("refuses while the customer has not signed off the exceptions", async () => {
    const { structured } = await announce();
    expect(structured).toMatchObject({
      code: "ERR_GATE_CLOSED",
      details: { blockers: [{ code: "signoff_missing", who: "customer" }] },
    });
  });

  it("shows one mail and the number of recipients, and sends nothing", async () => {
    await office.signOff(rollout);
    const { structured } = await announce({ preview: true });
    expect(structured).toMatchObject({ status: "nothing_to_do", recipients: 12, changes_done: 0 });
    expect(String(structured.preview_text)).toContain("https://help.larkfieldfoods.com/mfa");
    expect((await office.dump()).gmail).toMatchObject({ sent: [], drafts: [] });
  });

  it("names the missing right when Gmail refuses, and goes on from there", async () => {
    await announce();
    await office.approvePending();
    await office.box.fail({ vendor: "gmail", path: "/drafts$", kind: "status", status: 403 });
    const { structured } = await announce();
    expect(structured).toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("gmail.compose"),
    });
    expect((await office.dump()).gmail.sent.length).toBeLessThan(12);
  });

  it("mails each user of the phase personally, the manager on copy", async () => {
    const { structured } = await announce();
    expect(structured).toMatchObject({ status: "done", changes_done: 12, changes_total: 12 });
    const { sent } = (await office.dump()).gmail;
    expect(sent).toHaveLength(12);
    expect(new Set(sent.flatMap(({ to }) => to)).size).toBe(12);
    expect(sent.every(({ to, cc }) => to.length === 1 && cc.length === 1 && to[0] !== cc[0])).toBe(true);
    expect(sent[0]?.headers["X-MFA-Rollout-Key"]).toMatch(new RegExp(`^${rollout}/announcement/usr_`));
    expect(sent[0]?.text).toContain("Wednesday 14 October 2026");
  });

  it("has nothing to send a second time", async () => {
    const { structured } = await announce();
    expect(structured).toMatchObject({ status: "nothing_to_do", recipients: 0 });
    expect((await office.dump()).gmail.sent).toHaveLength(12);
  });

  it("reminds only those who cannot use MFA yet", async () => {
    const { structured } = await office.call("send_phase_email", { rollout, phase: "phase_it", kind: "reminder" });
    expect(structured).toMatchObject({ status: "approval_required", recipients: 3 });
  });
});
