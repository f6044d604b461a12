import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Harness, startHarness } from "../support/harness.ts";

const Found = z.array(z.object({ finding_id: z.string(), name: z.string(), status: z.string(), remedy: z.string() }));

describe("check_tenant", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60, pitfalls: ["guests_without_trust", "service_provider_blocked"] });
    rollout = await office.start();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const check = () => office.call("check_tenant", { rollout });
  const found = async () => Found.parse((await check()).structured.pitfalls);
  const accept = (finding: string, resolution = "accepted") =>
    office.call("resolve_finding", { rollout, finding, resolution, by: "Priya Raman", why: "The guests were told." });

  it("refuses before there is a list of users", async () => {
    expect((await check()).structured).toMatchObject({ code: "ERR_STATE" });
  });

  it("records nothing when Entra refuses a part of the look", async () => {
    await office.call("reconcile_users", { rollout });
    await office.call("classify_exceptions", { rollout });
    const before = await office.ledger(rollout);
    const path = "/policies/crossTenantAccessPolicy/default";
    await office.box.fail({ vendor: "graph", path, kind: "status", status: 403, times: 9 });
    const { structured } = await check();
    await office.mend();
    expect(structured).toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("Policy.Read.All"),
    });
    expect(await office.ledger(rollout)).toBe(before);
  });

  it("says what stands in the way, worst first, who mends it and how", async () => {
    const { structured, text } = await check();
    expect(structured).toMatchObject({
      open: 2,
      pitfalls: [
        {
          name: "service_provider_blocked",
          severity: "locks_out",
          who_mends: "customer_admin",
          may_be_accepted: false,
        },
        { name: "guests_without_trust", severity: "breaks_work", holds: ["phase_closing"], may_be_accepted: true },
      ],
    });
    for (const { finding_id, remedy } of await found()) {
      expect(text).toContain(finding_id);
      expect(text).toContain(remedy);
    }
  });

  it("asks nobody who changed policies while no policy shows a change", async () => {
    await check();
    const requests = Object.entries((await office.dump()).requests.graph?.byRoute ?? {});
    expect(requests.filter(([route]) => route.includes("crossTenantAccessPolicy"))).not.toEqual([]);
    expect(requests.filter(([route]) => route.includes("directoryAudits"))).toEqual([]);
  });

  it("changes nothing at any vendor", async () => {
    const before = await office.held();
    await check();
    expect(await office.held()).toBe(before);
  });

  it("lets a person accept what locks nobody out, and nothing else", async () => {
    const [lockOut, guests] = await found();
    expect((await accept(lockOut?.finding_id ?? "")).structured).toMatchObject({ code: "ERR_INPUT" });
    expect((await accept(guests?.finding_id ?? "", "remediated")).structured).toMatchObject({ code: "ERR_INPUT" });
    const asked = await accept(guests?.finding_id ?? "");
    expect(asked.structured).toMatchObject({ status: "approval_required", still_open: 2 });
    expect((await found()).map(({ status }) => status)).toEqual(["open", "open"]);
    await office.approvePending();
    expect((await accept(guests?.finding_id ?? "")).structured).toMatchObject({ status: "accepted", still_open: 1 });
    expect((await found()).map(({ status }) => status)).toEqual(["open", "accepted"]);
  });
});
