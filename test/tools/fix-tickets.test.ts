import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Harness, startHarness } from "../support/harness.ts";

const Pitfalls = z.array(z.object({ finding_id: z.string(), name: z.string(), ticket: z.string().optional() }));
const Findings = z.array(z.object({ finding_id: z.string(), ticket: z.string().optional() }));

describe("tickets of the fix kit", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness({ employees: 60, pitfalls: ["guests_without_trust", "mail_device"] });
    rollout = await office.untilExceptionsSigned();
    await office.call("sync_psa_project", { rollout });
    await office.approvePending({ max: 100, until: "2026-12-31" });
    await office.call("sync_psa_project", { rollout });
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const sync = () => office.call("sync_psa_project", { rollout });
  const tickets = async () =>
    (await office.dump()).connectwise.tickets.filter(({ wbsCode }) => String(wbsCode).includes("/fix/"));
  const notesOf = async (id: number) =>
    (await office.dump()).connectwise.notes.filter(({ ticketId }) => ticketId === id).map(({ text }) => text);
  const pitfall = async () => {
    const { structured } = await office.call("check_tenant", { rollout });
    return Pitfalls.parse(structured.pitfalls).find(({ name }) => name === "guests_without_trust");
  };

  it("are opened under the standing approval, once though answers are lost, with owner, day and steps", async () => {
    expect((await pitfall())?.ticket).toBeUndefined();
    await office.box.fail({ vendor: "connectwise", method: "POST", path: "/project/tickets$", kind: "lost_answer" });
    expect((await sync()).structured).toMatchObject({ status: "done", fix_tickets_open: 1 });
    const [ticket, ...others] = await tickets();
    expect(others).toEqual([]);
    expect(ticket).toMatchObject({
      summary: "Tenant: guests without trust",
      status: { name: "Open" },
      // The last working day before the deadline, at the end of the customer's day.
      requiredDate: "2026-10-29T22:00:00Z",
      owner: { id: 162 },
    });
    const [text = ""] = await notesOf(ticket?.id ?? 0);
    expect(text).toContain("Owner: Morgan Ellery <morgan.ellery@larkfieldfoods.com> (customer).");
    expect(text).toContain("1. Trust MFA from other tenants");
    expect((await sync()).structured).toMatchObject({ status: "nothing_to_do", fix_tickets_open: 1 });
  });

  it("show where their pitfall is told", async () => {
    const [ticket] = await tickets();
    expect((await pitfall())?.ticket).toBe(`ticket ${ticket?.id}, due 2026-10-29, open`);
    const { structured } = await office.call("get_rollout", { rollout });
    expect(structured).toMatchObject({ fix_tickets_open: 1 });
  });

  it("are left as they are when ConnectWise refuses, and closed with a note for technicians once nothing is left", async () => {
    const { finding_id = "" } = (await pitfall()) ?? {};
    const decision = { resolution: "accepted", by: "Priya Raman", why: "The guests were told." };
    await office.withApproval("resolve_finding", { rollout, finding: finding_id, ...decision });
    await office.box.fail({ vendor: "connectwise", method: "PATCH", kind: "status", status: 403, times: 9 });
    expect((await sync()).structured).toMatchObject({ code: "ERR_CONNECTOR_PERMISSION" });
    await office.mend();
    expect(await tickets()).toMatchObject([{ status: { name: "Open" } }]);
    expect((await sync()).structured).toMatchObject({ status: "done", fix_tickets_open: 0 });
    const [ticket] = await tickets();
    expect(ticket).toMatchObject({ status: { name: "Closed" }, closedFlag: true });
    const [, why, ...more] = await notesOf(ticket?.id ?? 0);
    expect(why).toMatch(/^A person accepted it with resolve_finding/);
    expect(more).toEqual([]);
    expect((await pitfall())?.ticket).toBe(`ticket ${ticket?.id}, due 2026-10-29, closed`);
  });

  it("of a sign-in finding are opened before anybody is waited for, and move with the phase's date", async () => {
    await office.call("draft_ca_policy", { rollout, phase: "phase_it" });
    await office.withApproval("apply_ca_policy", { rollout, phase: "phase_it", state: "report_only" });
    office.advance(24.2);
    await office.call("fetch_signin_logs", { rollout });
    const found = async () => Findings.parse((await office.call("get_rollout", { rollout })).structured.open_findings);
    expect((await found())[0]?.ticket).toBeUndefined();
    await sync();
    expect((await found())[0]?.ticket).toMatch(/^ticket \d+, due 2026-10-29, open$/);
    await office.withApproval("send_phase_email", { rollout, phase: "phase_it", kind: "announcement" });
    await sync();
    expect((await found())[0]?.ticket).toMatch(/^ticket \d+, due 2026-10-1\d, open$/);
    expect(await tickets()).toHaveLength(2);
  });
});
