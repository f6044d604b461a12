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

  it("takes no acceptance without a person's signature, whoever is said to have decided", async () => {
    const { structured } = await resolve("accepted");
    expect(structured).toMatchObject({ finding, status: "approval_required", still_open: 1 });
    const state = await (await office.office.parts.store.open(rollout)).state();
    expect(state.findings.get(finding)).toMatchObject({ status: "open", resolvedBy: null });
    const { structured: where } = await office.call("get_rollout", { rollout });
    expect(where).toMatchObject({ pending_approvals: [{ plan_id: structured.plan_id }] });
  });

  it("leaves a finding open whose acceptance a person refused", async () => {
    await office.denyPending("It must not break.");
    expect((await resolve("accepted")).structured).toMatchObject({ status: "denied", still_open: 1 });
  });

  it("records that it is mended, while every vendor is down", async () => {
    await office.box.fail({ kind: "status", status: 503, times: 999 });
    const { structured } = await resolve("remediated");
    await office.mend();
    expect(structured).toEqual({ finding, status: "remediated", still_open: 0 });
  });

  it("refuses another decision about the same finding", async () => {
    expect((await resolve("accepted")).structured).toMatchObject({ code: "ERR_STATE" });
  });

  it("refuses enforcement as long as the sign-ins do not show that it is mended", async () => {
    const { structured } = await office.call("apply_ca_policy", { rollout, phase: "phase_it", state: "enforced" });
    expect(structured).toMatchObject({ code: "ERR_GATE_CLOSED" });
    expect(JSON.stringify(structured)).toContain("called remediated");
  });

  it("opens again when the client that was called replaced signs in again", async () => {
    office.advance(24);
    const { structured } = await office.call("fetch_signin_logs", { rollout });
    expect(structured).toMatchObject({ open_findings: [{ finding_id: finding }], open_findings_total: 1 });
  });

  it("accepts once the signature is there, and keeps under which plan", async () => {
    const why = "The importer goes at the end of the month.";
    const { structured } = await resolve("accepted", { why });
    await office.approvePending();
    expect((await resolve("accepted", { why })).structured).toEqual({ finding, status: "accepted", still_open: 0 });
    const entries = (await office.ledger(rollout)).trim().split("\n");
    const decided = entries.map((line) => JSON.parse(line)).findLast(({ type }) => type === "finding_resolved");
    expect(decided.data).toMatchObject({ findingId: finding, resolution: "accepted", why });
    expect(`plan_${String(decided.data.plan).slice(0, 12)}`).toBe(structured.plan_id);
  });
});
