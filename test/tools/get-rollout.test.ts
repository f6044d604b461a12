import { describe, expect, it } from "vitest";
import { startHarness } from "../support/harness.ts";

describe("get_rollout", () => {
  it("names the tool and the arguments to call now", async () => {
    await using office = await startHarness();
    const rollout = await office.start();
    const { structured, text } = await office.call("get_rollout", { rollout });
    expect(structured.next).toMatchObject({ do: "call", tool: "reconcile_users", args: { rollout } });
    expect(text).toContain(`call reconcile_users with {"rollout":"${rollout}"}`);
  });

  it("waits for the signature under a plan and goes on once it is there", async () => {
    await using office = await startHarness();
    const rollout = await office.untilExceptionsSigned();
    const { structured: asked } = await office.call("sync_psa_project", { rollout });
    const { structured: waiting } = await office.call("get_rollout", { rollout });
    expect(waiting.next).toMatchObject({ do: "wait", wait_for: "approval", plan_id: asked.plan_id });
    expect(waiting.pending_approvals).toMatchObject([{ plan_id: asked.plan_id }]);

    await office.approvePending();
    const { structured: after } = await office.call("get_rollout", { rollout });
    expect(after.next).toMatchObject({ do: "call", tool: "sync_psa_project" });
    expect(after.pending_approvals).toEqual([]);
  });

  it("tells where each phase stands", async () => {
    await using office = await startHarness();
    const rollout = await office.withItReportOnly();
    const { structured } = await office.call("get_rollout", { rollout });
    expect(structured).toMatchObject({ exceptions: 14, signed_off: true, holdouts: 0 });
    expect(structured.phases).toMatchObject([
      {
        phase: "phase_it",
        in_scope: 12,
        announced: 12,
        capable: 9,
        policy: "report_only",
        enforcement_date: "2026-10-14",
      },
      { phase: "phase_finance", in_scope: 24, announced: 0, policy: "none", enforcement_date: "" },
      { phase: "phase_operations" },
      { phase: "phase_sales" },
      { phase: "phase_engineering" },
      { phase: "phase_closing", in_scope: 0 },
    ]);
  });

  it("answers while every vendor is down", async () => {
    await using office = await startHarness();
    const rollout = await office.reconciled();
    await office.box.fail({ kind: "status", status: 503, times: 999 });
    const { isError } = await office.call("get_rollout", { rollout });
    expect(isError).toBe(false);
  });
});
