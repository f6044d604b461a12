import { appendFile } from "node:fs/promises";
import { join } from "node:path";
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

  it("tells of each write that was interrupted, once what it left was cut off", async () => {
    await using office = await startHarness();
    const rollout = await office.start();
    const look = async (): Promise<readonly [unknown, string]> => {
      const { structured, text } = await office.call("get_rollout", { rollout });
      return [structured.interrupted_writes, /A write to the ledger .*? was lost\./.exec(text)?.[0] ?? ""];
    };
    for (const times of [1, 2]) {
      const before = await look();
      await appendFile(join(office.home, "rollouts", rollout, "ledger.jsonl"), '{"actor":"server","at":');
      expect(await look()).toEqual(before); // A reader cuts nothing: somebody may still be writing.
      await office.call("reconcile_users", { rollout });
      const cut = "what it left was cut off, and nothing that counted was lost.";
      expect(await look()).toEqual([times, `A write to the ledger was interrupted ${times} times; ${cut}`]);
    }
  });

  it("answers while every vendor is down", async () => {
    await using office = await startHarness();
    const rollout = await office.reconciled();
    await office.box.fail({ kind: "status", status: 503, times: 999 });
    const { isError } = await office.call("get_rollout", { rollout });
    expect(isError).toBe(false);
  });
});
