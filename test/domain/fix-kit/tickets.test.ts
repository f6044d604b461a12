import { describe, expect, it } from "vitest";
import { fixTickets, fixTicketWork, ticketInWords } from "../../../src/domain/fix-kit/tickets.ts";
import { calendarDate, instant } from "../../../src/domain/model/time.ts";
import { waitFor } from "../../../src/domain/rollout/next/answer.ts";
import { ticketsFirst } from "../../../src/domain/rollout/next/tickets-first.ts";
import { doneEffect, findingRecord, observed, pitfallOf, viewOf } from "../../support/fix-facts.ts";
import { IT, objectId, ROLLOUT, SALES } from "../../support/rollout-facts.ts";

const DUE = calendarDate("2026-10-29");
const opened = (fix: string, due = DUE) =>
  doneEffect(`${ROLLOUT}/psa/fix/${fix}`, { kind: "psa_fix", fix, due }, { ticketId: "1234" });
const changed = (fix: string, round: number, status: string, due = DUE) =>
  doneEffect(`${ROLLOUT}/psa/fix/${fix}/change/${round}`, { kind: "psa_fix_change", fix, status, due });
const REMEDIATED = { status: "remediated", resolvedAt: instant("2026-10-12T12:00:00Z") } as const;
const QUIET = [observed("2026-10-05T00:00:00Z", "2026-10-13T15:00:00Z")];

describe("tickets of a fix kit", () => {
  it("are opened once for each thing, with what was found, who owns it, the steps and the day", () => {
    const view = viewOf({ findings: [findingRecord("fnd_1")] });
    const { opened: wanted, changed: changes } = fixTicketWork(view);
    expect(changes).toEqual([]);
    expect(wanted).toMatchObject([{ fix: "fnd_1", phase: SALES, due: "2026-10-29" }]);
    expect(wanted[0]?.summary).toBe("Device or program that mails with a password: user1@larkfieldfoods.com");
    expect(wanted[0]?.text).toMatch(/stop: 4, accounts: 1\.\nOwner: Northwind IT, technician.*\nWhat to do:\n1\. /);
    const again = fixTicketWork(viewOf({ findings: [findingRecord("fnd_1")], effects: [opened("fnd_1")] }));
    expect(again).toEqual({ opened: [], changed: [] });
  });

  it("list the first forty accounts and say where the rest stands", () => {
    const many = Array.from({ length: 55 }, (_, n) =>
      findingRecord(`fnd_${n}`, { clientApp: "IMAP4", objectId: objectId(n) }),
    );
    const [ticket] = fixTicketWork(viewOf({ findings: many })).opened;
    expect(ticket?.text.match(/@larkfieldfoods\.com/g)).toHaveLength(40);
    expect(ticket?.text).toContain("And 15 more.");
  });

  it("are closed with the evidence once it is gone, and once", () => {
    const mended = { findings: [findingRecord("fnd_1", REMEDIATED)], observations: QUIET };
    const { opened: none, changed: changes } = fixTicketWork(viewOf({ ...mended, effects: [opened("fnd_1")] }));
    expect(none).toEqual([]);
    expect(changes).toMatchObject([
      { fix: "fnd_1", round: 0, status: "Closed", note: expect.stringMatching(/2026-10-12/) },
    ]);
    const closed = [opened("fnd_1"), changed("fnd_1", 0, "Closed")];
    expect(fixTicketWork(viewOf({ ...mended, effects: closed }))).toEqual({ opened: [], changed: [] });
  });

  it("stay as they are while somebody says it is mended and no look has shown it", () => {
    const said = viewOf({ findings: [findingRecord("fnd_1", REMEDIATED)], effects: [opened("fnd_1")] });
    expect(fixTicketWork(said)).toEqual({ opened: [], changed: [] });
    expect(fixTicketWork(viewOf({ findings: [findingRecord("fnd_1", REMEDIATED)] })).opened).toEqual([]);
  });

  it("come back under the same number when the thing does, due anew", () => {
    const effects = [opened("fnd_1"), changed("fnd_1", 0, "Closed")];
    const back = viewOf({ findings: [findingRecord("fnd_1")], effects, today: "2026-10-30" });
    expect(fixTicketWork(back)).toMatchObject({
      opened: [],
      changed: [
        { fix: "fnd_1", round: 1, status: "Open", due: "2026-11-02", note: expect.stringMatching(/^It is back/) },
      ],
    });
  });

  it("move with the day on which the phase is enforced, but not behind today", () => {
    const findings = [findingRecord("fnd_1")];
    const dates = new Map([[SALES, calendarDate("2026-10-20")]]);
    const moved = viewOf({ findings, effects: [opened("fnd_1")], enforcementDates: dates });
    expect(fixTicketWork(moved).changed).toMatchObject([{ status: "Open", due: "2026-10-19" }]);
    const late = viewOf({ findings, effects: [opened("fnd_1")], enforcementDates: dates, today: "2026-10-20" });
    expect(fixTicketWork(late).changed).toEqual([]);
  });

  it("belong to the first phase that they hold up", () => {
    const [ticket] = fixTicketWork(viewOf({ pitfalls: [pitfallOf("licence_gap", { holds: [SALES, IT] })] })).opened;
    expect(ticket?.phase).toBe(IT);
  });

  it("are told with number, day and state", () => {
    const view = viewOf({ effects: [opened("fnd_1"), changed("fnd_1", 0, "Closed"), changed("fnd_1", 1, "Open")] });
    const ticket = fixTickets(view.state).get("fnd_1");
    expect(ticket === undefined ? "" : ticketInWords(ticket)).toBe("ticket 1234, due 2026-10-29, open");
    expect(ticket?.changes).toBe(2);
  });

  it("whose number nobody knows are left alone", () => {
    const settled = doneEffect(
      `${ROLLOUT}/psa/fix/fnd_1`,
      { kind: "psa_fix", fix: "fnd_1", due: DUE },
      { settled: true },
    );
    const view = viewOf({ findings: [findingRecord("fnd_1", REMEDIATED)], observations: QUIET, effects: [settled] });
    expect(fixTicketWork(view)).toEqual({ opened: [], changed: [] });
  });
});

describe("ticketsFirst", () => {
  const project = doneEffect(`${ROLLOUT}/psa/project`, { kind: "psa_project" }, { projectId: "7" });
  const wait = waitFor("finding", "A scanner.", { findingIds: ["fnd_1"] });
  const findings = [findingRecord("fnd_1")];

  it("has the ticket opened before a person is waited for, and then waits", () => {
    expect(ticketsFirst(wait, viewOf({ findings, effects: [project] }))).toMatchObject({
      do: "call",
      tool: "sync_psa_project",
      why: expect.stringMatching(/^1 tickets/),
    });
    expect(ticketsFirst(wait, viewOf({ findings, effects: [project, opened("fnd_1")] }))).toBe(wait);
  });

  it("leaves waits for time, signatures and a project that is not there as they are", () => {
    const time = waitFor("time", "Later.");
    expect(ticketsFirst(time, viewOf({ findings, effects: [project] }))).toBe(time);
    expect(ticketsFirst(wait, viewOf({ findings }))).toBe(wait);
  });
});
