import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";

describe("resolve_finding", () => {
  let office: Harness;
  let rollout: string;
  let finding: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60 });
    rollout = await office.untilExceptionsSigned();
    await office.call("draft_ca_policy", { rollout, phase: "phase_it" });
    await office.withApproval("apply_ca_policy", { rollout, phase: "phase_it", state: "report_only" });
    office.advance(24.2);
    const { structured } = await office.call("fetch_signin_logs", { rollout });
    const [found] = structured.open_findings as readonly { finding_id: string }[]; // by its schema
    finding = found?.finding_id ?? "";
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const resolve = (resolution: string, more: Readonly<Record<string, unknown>> = {}) =>
    office.call("resolve_finding", {
      rollout,
      finding,
      resolution,
      by: "Priya Raman",
      why: "The importer was replaced.",
      ...more,
    });

  it("refuses a finding that nobody found", async () => {
    expect((await resolve("remediated", { finding: "fnd_000000000000" })).structured).toMatchObject({
      code: "ERR_NOT_FOUND",
    });
  });

  it("refuses to call carved out whose account has no exception", async () => {
    expect((await resolve("carved_out")).structured).toMatchObject({ code: "ERR_INPUT" });
  });

  it("records what a person decided, while every vendor is down", async () => {
    await office.box.fail({ kind: "status", status: 503, times: 999 });
    const { structured } = await resolve("remediated");
    await office.mend();
    expect(structured).toEqual({ finding, status: "remediated", still_open: 0 });
  });

  it("refuses another decision about the same finding", async () => {
    expect((await resolve("accepted")).structured).toMatchObject({ code: "ERR_STATE" });
  });

  it("opens again when the client that was called replaced signs in again", async () => {
    office.advance(24);
    const { structured } = await office.call("fetch_signin_logs", { rollout });
    expect(structured).toMatchObject({ open_findings: [{ finding_id: finding }], open_findings_total: 1 });
  });
});
