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
