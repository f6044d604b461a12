import type { FixTicketChange, NewFixTicket } from "../../domain/fix-kit/tickets.ts";
import { type CalendarDate, instantAt } from "../../domain/model/time.ts";
import type { Effect } from "../../ports/rollout-store.ts";
import type { ServiceDeskPort } from "../../ports/service-desk.ts";
import { GUARANTEES } from "./guarantees.ts";
import { deskMarker } from "./service-desk-effects.ts";

interface Place {
  readonly rollout: string;
  readonly desk: ServiceDeskPort;
  /** Due dates are days of the customer's. */
  readonly timeZone: string;
}

/** A day's work is done by this hour of it. */
const DAY_ENDS = 17;

/** The ticket of something to mend. Outcome: `ticketId`. */
export function fixTicketEffect(
  { rollout, desk, timeZone }: Place,
  ticket: NewFixTicket & { projectId(): Promise<string>; phaseId(): Promise<string> },
): Effect {
  const { fix, due, summary, text } = ticket;
  const marker = deskMarker(rollout, `fix/${fix}`);
  return {
    key: fixKey(rollout, fix),
    subject: { kind: "psa_fix", fix, due },
    lagMs: GUARANTEES.psa_fix.lagMs,
    async find({ signal }) {
      const tickets = await desk.listProjectTickets(await ticket.projectId(), { signal });
      const found = tickets.find((candidate) => candidate.marker === marker);
      return found === undefined ? { state: "absent" } : { state: "done", outcome: { ticketId: found.id } };
    },
    async perform({ signal }) {
      const made = { phaseId: await ticket.phaseId(), summary, text, marker, due: endOf(due, timeZone) };
      return { ticketId: (await desk.createProjectTicket(made, { signal })).id };
    },
  };
}

/** A change of such a ticket: first the note that says why, so that nobody meets a closed ticket without a reason. */
export function fixChangeEffects(
  { rollout, desk, timeZone }: Place,
  change: FixTicketChange & { ticketId(): Promise<string> },
): readonly Effect[] {
  const { fix, round, status, due, note } = change;
  const marker = deskMarker(rollout, `fix/${fix}/${round}`);
  const noted: Effect = {
    key: `${fixKey(rollout, fix)}/note/${round}`,
    subject: { kind: "psa_fix_note", fix },
    lagMs: GUARANTEES.psa_fix_note.lagMs,
    async find({ signal }) {
      const there = await desk.hasTicketNote(await change.ticketId(), marker, { signal });
      return there ? { state: "done", outcome: { round } } : { state: "absent" };
    },
    async perform({ signal }) {
      await desk.addTicketNote(await change.ticketId(), { text: note, marker }, { signal });
      return { round };
    },
  };
  const changed: Effect = {
    key: `${fixKey(rollout, fix)}/change/${round}`,
    subject: { kind: "psa_fix_change", fix, status, due },
    lagMs: GUARANTEES.psa_fix_change.lagMs,
    find: async () => ({ state: "absent" }),
    async perform({ signal }) {
      await desk.changeTicket(await change.ticketId(), { status, due: endOf(due, timeZone) }, { signal });
      return { status, due };
    },
  };
  return [noted, changed];
}

/** The key of a fix's ticket, whose outcome later changes ask for. */
export const fixKey = (rollout: string, fix: string): string => `${rollout}/psa/fix/${fix}`;

const endOf = (day: CalendarDate, timeZone: string) => instantAt(timeZone, day, DAY_ENDS);
