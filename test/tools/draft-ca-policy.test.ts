import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("draft_ca_policy", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness();
    rollout = await office.start();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  it("refuses before the list has been read", async () => {
    const { structured } = await office.call("draft_ca_policy", { rollout, phase: "phase_it" });
    expect(structured).toMatchObject({ code: "ERR_STATE", nextStep: "Call reconcile_users first." });
  });

  it("drafts a department's policy and pushes nothing, while every vendor is down", async () => {
    await office.call("reconcile_users", { rollout });
    await office.call("classify_exceptions", { rollout });
    const before = await office.held();
    await office.box.fail({ kind: "status", status: 503, times: 999 });
    const { structured } = await office.call("draft_ca_policy", { rollout, phase: "phase_it" });
    await office.mend();
    expect(structured).toMatchObject({ display_name: "‹MFA rollout: IT›", covers: 12, excluded: 14, lint: [] });
    expect(await office.held()).toBe(before);
  });

  it("drafts the closing policy for all users", async () => {
    const { structured } = await office.call("draft_ca_policy", { rollout, phase: "phase_closing" });
    expect(structured).toMatchObject({ display_name: "‹MFA rollout: all users›", covers: 212, excluded: 14 });
    const { structured: json } = await office.call("get_artifact", { rollout, artifact: "policy:phase_closing" });
    expect(JSON.parse(String(json.text))).toMatchObject({
      state: "enabledForReportingButNotEnforced",
      conditions: { users: { includeUsers: ["All"] }, clientAppTypes: ["all"] },
      grantControls: { builtInControls: ["mfa"] },
    });
  });

  it("refuses a phase that the rollout does not have", async () => {
    const { structured } = await office.call("draft_ca_policy", { rollout, phase: "phase_catering" });
    expect(structured).toMatchObject({ code: "ERR_NOT_FOUND", nextStep: expect.stringContaining("phase_finance") });
  });
});
