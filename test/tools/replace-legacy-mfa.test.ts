import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { allVendors } from "../../src/sandbox/all-vendors.ts";
import { graph, graphWith } from "../../src/sandbox/vendors/graph/graph.ts";
import { LEAST_PRIVILEGE, LEGACY_MFA } from "../../src/sandbox/vendors/graph/permissions.ts";
import { changePolicy } from "../support/administrator.ts";
import { type Harness, startHarness } from "../support/harness.ts";

const withDefaults = graphWith({ securityDefaults: true, permissions: [...LEAST_PRIVILEGE, ...LEGACY_MFA] });
const vendors = allVendors.map((make) => (make === graph ? withDefaults : make));

const Held = z.object({
  entra: z.object({
    securityDefaultsEnabled: z.boolean(),
    policies: z.array(z.object({ displayName: z.string(), state: z.string() })),
  }),
});

describe("apply_ca_policy where security defaults are on", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60, vendors });
    const it = [...office.box.world.accounts.values()].filter(({ department }) => department === "IT");
    for (const account of it.slice(0, 4)) account.perUserMfa = "enforced";
    rollout = await office.withItReportOnly();
    await office.untilGatesOpen(rollout, "phase_it");
  }, 120_000);
  afterAll(() => office[Symbol.asyncDispose]());

  const apply = (state: string) => office.call("apply_ca_policy", { rollout, phase: "phase_it", state });
  const held = async () => Held.parse(await office.box.dump()).entra;
  const bridges = async () =>
    (await held()).policies.filter(({ displayName }) => displayName.startsWith("MFA bridge: "));
  const isAsBefore = async () => expect([(await held()).securityDefaultsEnabled, await bridges()]).toEqual([true, []]);

  it("leaves them to a person unless the customer's file says otherwise", async () => {
    const { isError, structured } = await apply("bridge");
    expect(isError).toBe(true);
    expect(structured).toMatchObject({ nextStep: expect.any(String) });
    await isAsBefore();
  });

  it("enforces nothing while they are on", async () => {
    await office.editCustomer((file) => {
      file.replace_legacy_mfa = true;
    });
    await office.call("check_tenant", { rollout });
    expect((await apply("enforced")).structured).toMatchObject({
      code: "ERR_GATE_CLOSED",
      details: { blockers: expect.arrayContaining([expect.objectContaining({ code: "security_defaults_on" })]) },
    });
  });

  it("ends no per-user MFA before the phase's policy asks its members", async () => {
    expect((await apply("retire")).structured).toMatchObject({ code: "ERR_STATE" });
  });

  it("does not turn them off in a tenant that an administrator has changed since it was signed", async () => {
    expect((await apply("bridge")).structured).toMatchObject({ status: "approval_required", changes_total: 7 });
    await office.approvePending();
    await changePolicy(office, { state: "disabled" }, "PILOT - Block legacy authentication");
    const { structured } = await apply("bridge");
    expect(structured).toMatchObject({ status: "approval_required", changes_done: 0 });
    expect(structured.plan_lines).toContainEqual(expect.stringContaining("an earlier plan is not carried out"));
    await isAsBefore();
  });

  it("replaces them once that is signed for the tenant as it is", async () => {
    await office.approvePending();
    expect((await apply("bridge")).structured).toMatchObject({ status: "done" });
    expect((await held()).securityDefaultsEnabled).toBe(false);
    expect((await bridges()).map(({ state }) => state)).toEqual(["enabled", "enabled"]);
    expect((await apply("bridge")).structured).toMatchObject({ status: "nothing_to_do" });
  });

  it("enforces no phase while somebody has switched a bridge off, and says so", async () => {
    await changePolicy(office, { state: "disabled" }, "MFA bridge: registered users");
    const evidence = [expect.stringContaining("is disabled, was left enforced")];
    expect((await apply("enforced")).structured).toMatchObject({
      code: "ERR_GATE_CLOSED",
      details: {
        blockers: expect.arrayContaining([expect.objectContaining({ code: "other_policy_differs", evidence })]),
      },
    });
  });
});
