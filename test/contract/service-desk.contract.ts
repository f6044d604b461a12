import { describe, expect, it } from "vitest";
import { instant } from "../../src/domain/model/time.ts";
import type { ServiceDeskPort } from "../../src/ports/service-desk.ts";

export interface DeskNote {
  readonly ticketId: string;
  readonly text: string;
  /** The customer sees it, and it stands in one place only. */
  readonly forCustomerOnly: boolean;
}

/** A service desk beside its simulated vendor. */
export interface ServiceDeskSubject extends AsyncDisposable {
  readonly desk: ServiceDeskPort;
  /** The next write fails so; `reset`, `truncated` and `unavailable` come after it was done. */
  failWrite(kind: "lost_answer" | "truncated" | "unavailable" | "html" | "throttled"): Promise<void>;
  /** The next read fails so. */
  failRead(kind: "lost_answer" | "truncated" | "unavailable" | "html" | "forbidden"): Promise<void>;
  /** A user of the customer raises a ticket at this instant. */
  raise(ticket: { readonly summary: string; readonly text: string; readonly at: string }): void;
  notes(): Promise<readonly DeskNote[]>;
  projects(): Promise<number>;
  /** A ticket of a project, as it stands at the vendor. */
  ticket(id: string): Promise<{ readonly status: string; readonly due: string | null }>;
}

const signal = new AbortController().signal;
const AMBIGUOUS = { code: "ERR_CONNECTOR_AMBIGUOUS" };
const WINDOW = { from: instant("2026-10-05T14:00:00Z"), to: instant("2026-10-06T14:00:00Z") };

const aProject = {
  name: "MFA rollout 2026-10",
  start: "2026-10-05",
  end: "2026-10-31",
  marker: "rol_larkfield_202610_ab12",
};
const aTicket = (phaseId: string) => ({
  phaseId,
  summary: "Not enrolled: Łukasz Ó Briain",
  text: "Two reminders, no method yet.",
  marker: "usr_11111111-2222-3333-4444-555555555555",
});

/** What every service desk promises. */
export function describeServiceDeskPort(start: () => Promise<ServiceDeskSubject>): void {
  describe("ServiceDeskPort, tickets of users", () => {
    it("lists the tickets opened in the window, oldest first, with their first text", async () => {
      await using subject = await start();
      const { from, to } = WINDOW;
      subject.raise({ summary: "too early", text: "", at: instant(Date.parse(from) - 1_000) });
      subject.raise({ summary: "MFA code?", text: "Where do I get the code?", at: from });
      subject.raise({ summary: "Authenticator", text: "New phone.", at: instant(Date.parse(to) - 1_000) });
      subject.raise({ summary: "too late", text: "", at: to });
      const tickets = await Array.fromAsync(subject.desk.listTickets({ ...WINDOW, signal }));
      expect(tickets).toMatchObject([
        { summary: "MFA code?", text: "Where do I get the code?", openedAt: from, closed: false },
        { summary: "Authenticator", text: "New phone.", contactEmail: "kim@larkfieldfoods.com", contactName: "Kim" },
      ]);
    });

    it("misses no ticket between two windows that meet within a second", async () => {
      await using subject = await start();
      subject.raise({ summary: "just then", text: "", at: "2026-10-05T14:00:00.700Z" });
      const meet = instant("2026-10-05T14:00:00.500Z");
      const tickets = await Array.fromAsync(subject.desk.listTickets({ from: meet, to: WINDOW.to, signal }));
      expect(tickets).toMatchObject([{ summary: "just then" }]);
    });

    it("lists more tickets than one page holds, each once", async () => {
      await using subject = await start();
      for (let n = 0; n < 260; n += 1) subject.raise({ summary: `t${n}`, text: `text ${n}`, at: WINDOW.from });
      const tickets = await Array.fromAsync(subject.desk.listTickets({ ...WINDOW, signal }));
      expect(new Set(tickets.map(({ id }) => id)).size).toBe(260);
      expect(tickets.map(({ summary }) => summary)).toEqual(Array.from({ length: 260 }, (_, n) => `t${n}`));
    });

    it("gives the customer one note that it finds again by its marker", async () => {
      await using subject = await start();
      subject.raise({ summary: "MFA", text: "help [mfa-rollout:reply_1] please", at: WINDOW.from });
      const [ticket] = await Array.fromAsync(subject.desk.listTickets({ ...WINDOW, signal }));
      const id = ticket?.id ?? "";
      expect(await subject.desk.hasNote(id, "reply_1", { signal })).toBe(false);
      await subject.desk.addReply(id, { text: "Here is the guide.\nRegards", marker: "reply_1" }, { signal });
      expect(await subject.desk.hasNote(id, "reply_1", { signal })).toBe(true);
      expect(await subject.desk.hasNote(id, "reply_2", { signal })).toBe(false);
      const ours = (await subject.notes()).filter(({ text }) => text.startsWith("Here is the guide."));
      expect(ours).toEqual([{ ticketId: id, text: expect.stringContaining("Regards"), forCustomerOnly: true }]);
    });

    it.each(["lost_answer", "truncated", "unavailable"] as const)(
      "calls a reply ambiguous when the answer is %s, and finds it afterwards",
      async (kind) => {
        await using subject = await start();
        subject.raise({ summary: "MFA", text: "help", at: WINDOW.from });
        const [ticket] = await Array.fromAsync(subject.desk.listTickets({ ...WINDOW, signal }));
        const id = ticket?.id ?? "";
        await subject.failWrite(kind);
        const replying = subject.desk.addReply(id, { text: "Guide.", marker: "reply_1" }, { signal });
        await expect(replying).rejects.toMatchObject(AMBIGUOUS);
        expect(await subject.desk.hasNote(id, "reply_1", { signal })).toBe(true);
        expect((await subject.notes()).filter(({ text }) => text.startsWith("Guide."))).toHaveLength(1);
      },
    );

    it.each(["lost_answer", "truncated", "unavailable", "html"] as const)(
      "survives a read that is %s",
      async (kind) => {
        await using subject = await start();
        subject.raise({ summary: "MFA", text: "help", at: WINDOW.from });
        await subject.failRead(kind);
        expect(await Array.fromAsync(subject.desk.listTickets({ ...WINDOW, signal }))).toHaveLength(1);
      },
    );

    it("names a missing right instead of listing no tickets", async () => {
      await using subject = await start();
      await subject.failRead("forbidden");
      await expect(Array.fromAsync(subject.desk.listTickets({ ...WINDOW, signal }))).rejects.toMatchObject({
        code: "ERR_CONNECTOR_PERMISSION",
        details: { permission: expect.any(String) },
      });
    });

    it("stops when the caller has given up", async () => {
      await using subject = await start();
      const given = AbortSignal.abort();
      await expect(Array.fromAsync(subject.desk.listTickets({ ...WINDOW, signal: given }))).rejects.toMatchObject({
        code: "ERR_CANCELLED",
      });
    });
  });

  describe("ServiceDeskPort, the project", () => {
    it("finds the project it made, and no other", async () => {
      await using subject = await start();
      expect(await subject.desk.findProject(aProject.marker, { signal })).toBeNull();
      const made = await subject.desk.createProject(aProject, { signal });
      await subject.desk.createProject({ ...aProject, marker: "rol_other" }, { signal });
      expect(await subject.desk.findProject(aProject.marker, { signal })).toEqual(made);
      expect(await subject.desk.findProject("rol_larkfield", { signal })).toBeNull();
    });

    it.each(["lost_answer", "truncated", "unavailable"] as const)(
      "finds a project whose making was answered with %s",
      async (kind) => {
        await using subject = await start();
        await subject.failWrite(kind);
        await expect(subject.desk.createProject(aProject, { signal })).rejects.toMatchObject(AMBIGUOUS);
        expect(await subject.desk.findProject(aProject.marker, { signal })).toMatchObject({ name: aProject.name });
        expect(await subject.projects()).toBe(1);
      },
    );

    it("makes nothing when a web page answers, and calls that ambiguous", async () => {
      await using subject = await start();
      await subject.failWrite("html");
      await expect(subject.desk.createProject(aProject, { signal })).rejects.toMatchObject(AMBIGUOUS);
      expect(await subject.desk.findProject(aProject.marker, { signal })).toBeNull();
    });

    it("waits out a short throttling", async () => {
      await using subject = await start();
      await subject.failWrite("throttled");
      await subject.desk.createProject(aProject, { signal });
      expect(await subject.projects()).toBe(1);
    });

    it("keeps phases and their status", async () => {
      await using subject = await start();
      const { id } = await subject.desk.createProject(aProject, { signal });
      const phase = await subject.desk.createPhase(id, { description: "Research & Development" }, { signal });
      await subject.desk.createPhase(id, { description: "IT" }, { signal });
      await subject.desk.setPhaseStatus(id, phase.id, "In Progress", { signal });
      expect(await subject.desk.listPhases(id, { signal })).toMatchObject([
        { id: phase.id, description: "Research & Development", status: "In Progress" },
        { description: "IT", status: "Open" },
      ]);
    });

    it("keeps tickets with their marker and status", async () => {
      await using subject = await start();
      const { id } = await subject.desk.createProject(aProject, { signal });
      const phase = await subject.desk.createPhase(id, { description: "IT" }, { signal });
      const made = await subject.desk.createProjectTicket(aTicket(phase.id), { signal });
      await subject.desk.changeTicket(made.id, { status: "Completed" }, { signal });
      const { summary, marker } = aTicket(phase.id);
      expect(await subject.desk.listProjectTickets(id, { signal })).toEqual([
        { id: made.id, summary, marker, status: "Completed" },
      ]);
    });

    it("keeps a ticket's due date and state together, and sets neither twice", async () => {
      await using subject = await start();
      const { id } = await subject.desk.createProject(aProject, { signal });
      const phase = await subject.desk.createPhase(id, { description: "IT" }, { signal });
      const first = instant("2026-10-12T22:00:00Z");
      const made = await subject.desk.createProjectTicket({ ...aTicket(phase.id), due: first }, { signal });
      expect(await subject.ticket(made.id)).toEqual({ status: "Open", due: first });
      const later = instant("2026-10-19T22:00:00Z");
      const change = { status: "Closed", due: later };
      await subject.desk.changeTicket(made.id, change, { signal });
      await subject.failRead("unavailable");
      await subject.desk.changeTicket(made.id, change, { signal });
      expect(await subject.ticket(made.id)).toEqual({ status: "Closed", due: later });
      await subject.desk.changeTicket(made.id, { status: "Open", due: later }, { signal });
      expect(await subject.ticket(made.id)).toEqual({ status: "Open", due: later });
    });

    it("keeps notes for technicians, found by their marker and by no other", async () => {
      await using subject = await start();
      const { id } = await subject.desk.createProject(aProject, { signal });
      const phase = await subject.desk.createPhase(id, { description: "IT" }, { signal });
      const made = await subject.desk.createProjectTicket(aTicket(phase.id), { signal });
      const note = { text: "The sign-ins show none of it any more.", marker: "rol_1/fix/fnd_1/1" };
      expect(await subject.desk.hasTicketNote(made.id, note.marker, { signal })).toBe(false);
      await subject.desk.addTicketNote(made.id, note, { signal });
      expect(await subject.desk.hasTicketNote(made.id, note.marker, { signal })).toBe(true);
      expect(await subject.desk.hasTicketNote(made.id, "rol_1/fix/fnd_1/2", { signal })).toBe(false);
      const seen = (await subject.notes()).filter(({ text }) => text.startsWith(note.text));
      expect(seen).toMatchObject([{ ticketId: made.id, forCustomerOnly: false }]);
    });

    it("finds a ticket whose making was answered with a reset", async () => {
      await using subject = await start();
      const { id } = await subject.desk.createProject(aProject, { signal });
      const phase = await subject.desk.createPhase(id, { description: "IT" }, { signal });
      await subject.failWrite("lost_answer");
      const making = subject.desk.createProjectTicket(aTicket(phase.id), { signal });
      await expect(making).rejects.toMatchObject(AMBIGUOUS);
      const { marker } = aTicket(phase.id);
      expect(await subject.desk.listProjectTickets(id, { signal })).toMatchObject([{ marker }]);
    });

    it.each(["lost_answer", "truncated", "unavailable"] as const)(
      "sees by reading back that a status was set although the answer was %s",
      async (kind) => {
        await using subject = await start();
        const { id } = await subject.desk.createProject(aProject, { signal });
        const phase = await subject.desk.createPhase(id, { description: "IT" }, { signal });
        await subject.failWrite(kind);
        await subject.desk.setPhaseStatus(id, phase.id, "Completed", { signal });
        expect(await subject.desk.listPhases(id, { signal })).toMatchObject([{ status: "Completed" }]);
      },
    );

    it("refuses a status that the desk does not have", async () => {
      await using subject = await start();
      const { id } = await subject.desk.createProject(aProject, { signal });
      const phase = await subject.desk.createPhase(id, { description: "IT" }, { signal });
      const setting = subject.desk.setPhaseStatus(id, phase.id, "Half done", { signal });
      await expect(setting).rejects.toMatchObject({ code: "ERR_CONFIGURATION" });
    });
  });
}
