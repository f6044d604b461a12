import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("fetch_signin_logs", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.untilExceptionsSigned();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const fetchLogs = () => office.call("fetch_signin_logs", { rollout });

  it("refuses while nothing is report-only", async () => {
    expect((await fetchLogs()).structured).toMatchObject({ code: "ERR_STATE" });
  });

  it("records nothing when Entra refuses the log", async () => {
    await office.call("draft_ca_policy", { rollout, phase: "phase_it" });
    await office.withApproval("apply_ca_policy", { rollout, phase: "phase_it", state: "report_only" });
    office.advance(24.2);
    const before = await office.ledger(rollout);
    await office.box.fail({ vendor: "graph", path: "/auditLogs/signIns", kind: "status", status: 403, times: 9 });
    const { structured } = await fetchLogs();
    await office.mend();
    expect(structured).toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("AuditLog.Read.All"),
    });
    expect(await office.ledger(rollout)).toBe(before);
  });

  it("finds the legacy client, interactive sign-ins and others both read", async () => {
    const { structured } = await fetchLogs();
    expect(structured).toMatchObject({
      open_findings: [
        { cause: "ropc", app: "‹Legacy Asset Importer›", finding_id: expect.stringMatching(/^fnd_[0-9a-f]{12}$/) },
      ],
      open_findings_total: 1,
    });
    expect(Number(structured.sign_ins)).toBeGreaterThan(Number(structured.interactive));
    expect(structured.phases).toContainEqual(expect.objectContaining({ phase: "phase_it", blocked: 0 }));
  });

  it("reads on from where it ended, a little overlapping", async () => {
    const { structured } = await fetchLogs();
    const { observations } = await (await office.office.parts.store.open(rollout)).state();
    expect(Date.parse(observations[0]?.to ?? "") - Date.parse(String(structured.from))).toBe(1_800_000);
  });
});
