import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harness, startHarness } from "../support/harness.ts";
import { raiseTickets } from "../support/tickets.ts";

const GUIDE = "https://help.larkfieldfoods.com/mfa";

describe("answer_mfa_tickets", () => {
  let office: Harness;
  let rollout: string;
  beforeAll(async () => {
    office = await startHarness();
    rollout = await office.start();
  });
  afterAll(() => office[Symbol.asyncDispose]());

  const answer = () => office.call("answer_mfa_tickets", { rollout });
  /** The replies: what was written into tickets since they were opened, by us. */
  const notes = async () => (await office.dump()).connectwise.notes.filter(({ text }) => text.includes(GUIDE));

  it("has nothing to do while nobody asks", async () => {
    expect((await answer()).structured).toMatchObject({ status: "nothing_to_do", mfa_tickets_total: 0 });
  });

  it("finds the tickets about MFA among the others and waits for a signature", async () => {
    raiseTickets(office.box.world);
    office.advance(30);
    const { structured } = await answer();
    expect(structured).toMatchObject({
      status: "approval_required",
      tickets_seen: 7,
      mfa_tickets_total: 6,
      changes_total: 6,
    });
    expect(await notes()).toEqual([]);
  });

  it("says which right is missing when ConnectWise refuses", async () => {
    await office.box.fail({ vendor: "connectwise", method: "GET", kind: "status", status: 403 });
    expect((await answer()).structured).toMatchObject({ code: "ERR_CONNECTOR_PERMISSION" });
  });

  it("answers each once with the guide's link, though an answer of the desk is lost", async () => {
    await office.approvePending();
    await office.box.fail({ vendor: "connectwise", method: "POST", path: "/notes", kind: "lost_answer" });
    expect((await answer()).structured).toMatchObject({ status: "done", changes_done: 6 });
    const written = await notes();
    expect(new Set(written.map(({ ticketId }) => ticketId)).size).toBe(6);
    expect(written).toHaveLength(6);
  });

  it("answers no ticket twice and leaves the others alone", async () => {
    expect((await answer()).structured).toMatchObject({ status: "nothing_to_do", mfa_tickets_total: 6 });
    expect(await notes()).toHaveLength(6);
  });
});

describe("answer_mfa_tickets when the helpdesk was faster", () => {
  it("leaves a ticket alone that a technician has closed", async () => {
    await using office = await startHarness();
    const rollout = await office.start();
    raiseTickets(office.box.world);
    office.advance(30);
    const { tickets } = (await office.dump()).connectwise;
    const closed = tickets.find(({ summary }) => summary.startsWith("MFA code never arrives"))?.id ?? 0;
    await closeTicket(office, closed);

    const { structured } = await office.call("answer_mfa_tickets", { rollout });
    expect(structured).toMatchObject({ status: "approval_required", mfa_tickets_total: 6, changes_total: 5 });
    expect(JSON.stringify(structured.plan_lines)).not.toContain(`Ticket ${closed}:`);
  });
});

/** Closes a ticket as a technician would, at the desk itself. */
async function closeTicket({ box }: Harness, id: number): Promise<void> {
  const { companyId, publicKey, privateKey, clientId } = box.secrets.connectwise;
  const place = `https://api-na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets/${id}`;
  const authorization = `Basic ${Buffer.from(`${companyId}+${publicKey}:${privateKey}`).toString("base64")}`;
  const change = [{ op: "replace", path: "status", value: { name: "Closed" } }];
  const headers = { authorization, clientId, "content-type": "application/json" };
  const response = await fetch(place, { method: "PATCH", headers, body: JSON.stringify(change) });
  expect(response.status).toBe(200);
}
