import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("foresee_lockouts", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.withItReportOnly();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const foresee = (phase = "phase_it") => office.call("foresee_lockouts", { rollout, phase });

  it("refuses a phase whose policy nobody has put to the test", async () => {
    expect((await foresee("phase_sales")).structured).toMatchObject({
      code: "ERR_STATE",
      nextStep: expect.stringContaining("report_only"),
    });
  });

  it("refuses before any sign-in has been read", async () => {
    expect((await foresee()).structured).toMatchObject({
      code: "ERR_STATE",
      nextStep: expect.stringContaining("fetch_signin_logs"),
    });
  });

  it("records nothing when Entra refuses to show its policies", async () => {
    office.advance(24.2);
    await office.call("fetch_signin_logs", { rollout });
    const before = await office.ledger(rollout);
    await office.box.fail({
      vendor: "graph",
      path: "/conditionalAccess/policies",
      kind: "status",
      status: 403,
      times: 9,
    });
    const { structured } = await foresee();
    await office.mend();
    expect(structured).toMatchObject({
      code: "ERR_CONNECTOR_PERMISSION",
      message: expect.stringContaining("Policy.Read.All"),
    });
    expect(await office.ledger(rollout)).toBe(before);
  });

  it("names the user whose client breaks, with the remedy, and puts everybody else in one row each", async () => {
    const { structured, isError, text } = await foresee();
    expect(isError, text).toBe(false);
    expect(structured).toMatchObject({
      users_total: 3,
      counts: { breaks: 1, cannot_answer: 0, unclear: 0, no_evidence: 0, prompted: 2, passes: 0 },
      missing: [],
      disputes: 0,
      unlisted_accounts: 0,
      applications: expect.arrayContaining([
        { name: "‹Legacy Asset Importer›", counts: expect.objectContaining({ breaks: 1 }) },
      ]),
      worst: [{ outcome: "breaks", app: "‹Legacy Asset Importer›", remedy: expect.stringContaining("modern") }],
    });
    const { structured: table } = await office.call("get_artifact", { rollout, artifact: "foresight:phase_it" });
    const [head, ...rows] = String(table.text).trimEnd().split("\r\n");
    expect(head).toBe("account,department,outcome,sign_ins,application,client,reason,remedy");
    expect(rows.map((row) => row.split(",")[2])).toEqual(["breaks", "prompted", "prompted"]);
  });
});
