import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

/** So near that everybody who cannot use MFA is a holdout on the first day. */
const NEAR = "2026-10-19";

describe("chase_non_enrollees", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.untilExceptionsSigned(NEAR);
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const chase = () => office.call("chase_non_enrollees", { rollout });
  const ours = async () => {
    const { gmail, connectwise } = await office.dump();
    return {
      mails: gmail.sent,
      tickets: connectwise.tickets.filter(({ summary }) => summary.startsWith("MFA not set up:")),
    };
  };

  it("refuses while there is no project for the holdouts' tickets", async () => {
    expect((await chase()).structured).toMatchObject({ code: "ERR_STATE", nextStep: "Call sync_psa_project first." });
  });

  it("finds everybody in scope who cannot use MFA and waits for a signature", async () => {
    await office.withApproval("sync_psa_project", { rollout });
    const { structured: lacking } = await office.call("list_users", { rollout, show: "not_capable" });
    const { structured } = await chase();
    expect(structured).toMatchObject({ status: "approval_required", holdouts_total: lacking.total, days_left: 14 });
    expect(await ours()).toEqual({ mails: [], tickets: [] });
  });

  it("mails each once with the manager on copy and opens one ticket each, though answers are lost", async () => {
    await office.approvePending();
    await office.box.fail(
      { vendor: "gmail", path: "/drafts/send$", kind: "lost_answer" },
      { vendor: "connectwise", method: "POST", path: "/tickets$", kind: "lost_answer" },
    );
    const { structured } = await chase();
    const { mails, tickets } = await ours();
    expect(structured.status).toBe("done");
    expect(mails).toHaveLength(Number(structured.holdouts_total));
    expect(new Set(mails.flatMap(({ to }) => to)).size).toBe(mails.length);
    expect(mails.every(({ cc }) => cc.length === 1)).toBe(true);
    expect(new Set(tickets.map(({ summary }) => summary)).size).toBe(mails.length);
    expect(tickets).toHaveLength(mails.length);
  });

  it("chases nobody twice", async () => {
    const before = await office.held();
    expect((await chase()).structured).toMatchObject({ status: "nothing_to_do" });
    expect(await office.held()).toBe(before);
  });
});
