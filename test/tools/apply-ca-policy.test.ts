import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addStranger, changePolicy } from "../support/administrator.ts";
import { type Harness, startHarness } from "../support/harness.ts";
import { withOldReads } from "../support/old-reads.ts";

describe("apply_ca_policy", () => {
  const replica = withOldReads("/v1.0/groups/:id/members", "/v1.0/identity/conditionalAccess/policies");
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60, vendors: replica.vendors });
    rollout = await office.untilExceptionsSigned();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const apply = (state: string) => office.call("apply_ca_policy", { rollout, phase: "phase_it", state });
  const ours = async () => {
    const { policies, groups } = (await office.dump()).entra;
    return {
      policies: policies.filter(({ displayName }) => displayName.startsWith("MFA rollout:")),
      groups: groups.filter(({ mailNickname }) => mailNickname.startsWith(`mfa_${rollout}`)),
    };
  };

  it("refuses a phase without a draft, and says what to call", async () => {
    expect((await apply("report_only")).structured).toMatchObject({
      code: "ERR_GATE_CLOSED",
      details: { blockers: [{ code: "draft_missing", message: expect.stringContaining("draft_ca_policy") }] },
    });
  });

  it("refuses to roll back what is not live", async () => {
    await office.call("draft_ca_policy", { rollout, phase: "phase_it" });
    expect((await apply("roll_back")).structured).toMatchObject({ code: "ERR_STATE" });
  });

  it("waits for a signature under the groups' exact members", async () => {
    expect((await apply("report_only")).structured).toMatchObject({
      status: "approval_required",
      live_state: "none",
      changes_total: 7,
    });
    expect(await ours()).toEqual({ policies: [], groups: [] });
  });

  it("says which right is missing when Entra refuses the policy", async () => {
    await office.approvePending();
    await office.box.fail({ vendor: "graph", method: "POST", path: "/groups$", kind: "lost_answer" });
    await office.box.fail({
      vendor: "graph",
      method: "POST",
      path: "/conditionalAccess/policies$",
      kind: "status",
      status: 403,
    });
    expect((await apply("report_only")).structured).toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("Policy.ReadWrite.ConditionalAccess"),
    });
  });

  it("makes one policy in report-only and three groups, though answers are lost on the way", async () => {
    await office.box.fail({
      vendor: "graph",
      method: "POST",
      path: "/conditionalAccess/policies$",
      kind: "lost_answer",
    });
    expect((await apply("report_only")).structured).toMatchObject({ status: "done", live_state: "report_only" });
    const { policies, groups } = await ours();
    expect(policies).toMatchObject([{ displayName: "MFA rollout: IT", state: "enabledForReportingButNotEnforced" }]);
    expect(groups.map(({ members }) => members.length).sort()).toEqual([12, 2, 3].sort());
  });

  it("refuses to enforce, with every gate that is closed", async () => {
    const { structured } = await apply("enforced");
    expect(structured).toMatchObject({ code: "ERR_GATE_CLOSED" });
    const { blockers } = structured.details as { readonly blockers: readonly { readonly code: string }[] }; // by the gate's form
    expect(blockers.map(({ code }) => code)).toEqual([
      "announcement_incomplete",
      "date_missing",
      "report_only_too_short",
      "observation_incomplete",
      "observation_outdated",
      "foresight_missing",
      "tenant_not_checked",
    ]);
    expect((await ours()).policies).toMatchObject([{ state: "enabledForReportingButNotEnforced" }]);
  });

  it("refuses while a stranger is in the phase's group, and next has the group brought up to date", async () => {
    await office.withApproval("send_phase_email", { rollout, phase: "phase_it", kind: "announcement" });
    await office.untilGatesOpen(rollout, "phase_it");
    await addStranger(office, `mfa_${rollout}_phase_it`);
    expect((await apply("enforced")).structured).toMatchObject({
      code: "ERR_GATE_CLOSED",
      details: {
        blockers: [
          {
            code: "phase_group_differs",
            message: expect.stringContaining(`Changed by user ${office.box.world.guid("person administrator")} at `),
          },
        ],
      },
    });
    replica.hold();
    expect((await apply("report_only")).structured).toMatchObject({ status: "approval_required", changes_total: 2 });
    await office.approvePending();
  });

  it("says that a change of members is not seen yet, and calls it done once it is", { timeout: 60_000 }, async () => {
    replica.serveOld(Number.POSITIVE_INFINITY);
    expect((await apply("report_only")).structured).toMatchObject({
      code: "ERR_CONNECTOR_LAG",
      message: expect.stringContaining("does not show it yet"),
    });
    expect((await ours()).groups.map(({ members }) => members.length).sort()).toEqual([12, 2, 3].sort());
    replica.serveOld(0);
    expect((await apply("report_only")).structured).toMatchObject({ status: "done" });
  });

  it("waits when reads show for long what was there before our own change", { timeout: 60_000 }, async () => {
    replica.serveOld(Number.POSITIVE_INFINITY);
    expect((await apply("enforced")).structured).toMatchObject({
      code: "ERR_GATE_CLOSED",
      details: { blockers: [{ code: "phase_group_settling", who: "wait" }] },
    });
    // Two old reads are left for the call that follows, and must not be taken for somebody else's change.
    replica.serveOld(2);
  });

  it("plans to enforce once every gate is open, with the way back", async () => {
    expect((await apply("enforced")).structured).toMatchObject({
      status: "approval_required",
      live_state: "report_only",
    });
    const { structured } = await apply("enforced");
    const undo = JSON.stringify({ rollout, phase: "phase_it", state: "roll_back" });
    expect(structured.plan_lines).toContainEqual(expect.stringMatching(/Until now policy \S+ is report_only/));
    expect(structured.plan_lines).toContainEqual(expect.stringContaining(undo));
    expect(structured.plan_lines).toContainEqual(expect.stringMatching(/^‹?Foreseen from \d+ sign-ins since /));
    await office.approvePending();
  });

  it("does not carry out what was signed for a tenant that an administrator has changed since", async () => {
    const theirs = "PILOT - Block legacy authentication";
    await changePolicy(office, { state: "enabled" }, theirs);
    const writes = (await office.dump()).entra.policies;
    const { structured } = await apply("enforced");
    expect(structured).toMatchObject({ status: "approval_required", live_state: "report_only", changes_done: 0 });
    expect(structured.plan_lines).toContainEqual(expect.stringContaining("an earlier plan is not carried out"));
    expect(structured.plan_lines).toContainEqual(
      expect.stringMatching(/Policy '?PILOT - Block legacy authentication'? \S+ was report_only, is enforced/),
    );
    expect((await office.dump()).entra.policies).toEqual(writes);
    expect((await apply("enforced")).structured).toMatchObject({ plan_id: structured.plan_id });
  });

  it("enforces what was signed for the tenant as it is, and another host's look meanwhile blames nobody", async () => {
    await office.approvePending();
    const other = await office.connect();
    replica.meanwhile(async () => {
      const enforced = await other("apply_ca_policy", { rollout, phase: "phase_it", state: "enforced" });
      expect(enforced.structured).toMatchObject({ status: "done", live_state: "enforced" });
    });
    expect((await apply("enforced")).structured).toMatchObject({ status: "nothing_to_do", live_state: "enforced" });
    expect((await ours()).policies).toMatchObject([{ state: "enabled" }]);
  });

  it("gives access back at once when a roll-back is signed", async () => {
    expect((await apply("roll_back")).structured.plan_lines).toContainEqual(
      expect.stringMatching(/Undoes plan_[0-9a-f]+: the policy goes back to what it was/),
    );
    await office.approvePending();
    expect((await apply("roll_back")).structured).toMatchObject({ status: "done", live_state: "report_only" });
    expect((await ours()).policies).toMatchObject([{ state: "enabledForReportingButNotEnforced" }]);
  });

  it("refuses while somebody has switched the policy, or changed another of ours, and names who", async () => {
    const phase = "phase_sales";
    await office.call("draft_ca_policy", { rollout, phase });
    await office.call("apply_ca_policy", { rollout, phase, state: "report_only" });
    await office.approvePending();
    await office.call("apply_ca_policy", { rollout, phase, state: "report_only" });
    await changePolicy(office, { state: "enabled" }, "MFA rollout: Sales");
    await changePolicy(office, { state: "disabled" }, "MFA rollout: IT");
    const { structured } = await apply("enforced");
    expect(structured).toMatchObject({ code: "ERR_GATE_CLOSED" });
    const { blockers } = structured.details as { readonly blockers: readonly Record<string, string>[] }; // by the gate's form
    const message = expect.stringMatching(
      new RegExp(` Changed by user ${office.box.world.guid("person administrator")} at [^,]+\\.$`),
    );
    expect(blockers).toEqual([
      expect.objectContaining({ code: "policy_state_differs", message }),
      expect.objectContaining({
        ...{ code: "other_policy_differs", message },
        evidence: ["phase_sales: is enforced, was left report_only"],
      }),
    ]);
  });
});

describe("an enforcement that was cut off", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.withItReportOnly();
    await office.untilNext(rollout, "apply_ca_policy", { phase: "phase_it", state: "enforced" });
    await apply("enforced");
    await office.approvePending();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const apply = (state: string) => office.call("apply_ca_policy", { rollout, phase: "phase_it", state });
  const state = async () =>
    (await office.dump()).entra.policies.find(({ displayName }) => displayName === "MFA rollout: IT")?.state;

  it("is taken back by a roll-back, though the ledger does not know that it happened", async () => {
    const stale = await office.connect();
    const policies = { vendor: "graph", path: "/conditionalAccess/policies/[^/]+$" } as const;
    await office.box.fail({ ...policies, method: "PATCH", kind: "lost_answer" });
    await office.box.fail({ ...policies, method: "GET", kind: "status", status: 503, times: 1_000 });
    expect((await apply("enforced")).structured).toMatchObject({ code: "ERR_CONNECTOR_UNAVAILABLE" });
    expect(await state()).toBe("enabled");
    await office.mend();

    expect(
      (await stale("apply_ca_policy", { rollout, phase: "phase_it", state: "roll_back" })).structured,
    ).toMatchObject({
      status: "approval_required",
      changes_total: 1,
    });
    await office.approvePending();
    expect((await apply("roll_back")).structured).toMatchObject({ status: "done", live_state: "report_only" });
    expect(await state()).toBe("enabledForReportingButNotEnforced");
  });

  it("does not come back after the roll-back without another signature", async () => {
    expect((await apply("enforced")).structured).not.toMatchObject({ status: "done" });
    expect(await state()).toBe("enabledForReportingButNotEnforced");
    expect((await apply("roll_back")).structured).toMatchObject({ status: "nothing_to_do" });
  });
});
