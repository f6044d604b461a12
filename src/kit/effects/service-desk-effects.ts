import type { PhaseId, UserId } from "../../domain/model/ids.ts";
import type { Effect } from "../../ports/rollout-store.ts";
import type { ServiceDeskPort } from "../../ports/service-desk.ts";
import { GUARANTEES } from "./guarantees.ts";

interface Place {
  readonly rollout: string;
  readonly desk: ServiceDeskPort;
}

/** The marker planted in a record of the desk: short enough for every field that can carry one (50 characters). */
export const deskMarker = (rollout: string, what: string): string => `${rollout}/${what}`.slice(-50);

/** The rollout's project. Outcome: `projectId`. */
export function projectEffect(
  { rollout, desk }: Place,
  project: { readonly name: string; readonly start: string; readonly end: string },
): Effect {
  const marker = deskMarker(rollout, "project");
  return {
    key: `${rollout}/psa/project`,
    subject: { kind: "psa_project" },
    lagMs: GUARANTEES.psa_project.lagMs,
    async find({ signal }) {
      const found = await desk.findProject(marker, { signal });
      return found === null ? { state: "absent" } : { state: "done", outcome: { projectId: found.id } };
    },
    async perform({ signal }) {
      return { projectId: (await desk.createProject({ ...project, marker }, { signal })).id };
    },
  };
}

/** A phase of the project, found again by its description. Outcome: `phaseId`. */
export function projectPhaseEffect(
  { rollout, desk }: Place,
  phase: { readonly id: PhaseId; readonly description: string; projectId(): Promise<string> },
): Effect {
  return {
    key: `${rollout}/psa/phase/${phase.id}`,
    subject: { kind: "psa_phase", phase: phase.id },
    lagMs: GUARANTEES.psa_phase.lagMs,
    async find({ signal }) {
      const phases = await desk.listPhases(await phase.projectId(), { signal });
      const found = phases.find(({ description }) => description === phase.description);
      return found === undefined ? { state: "absent" } : { state: "done", outcome: { phaseId: found.id } };
    },
    async perform({ signal }) {
      const made = await desk.createPhase(await phase.projectId(), { description: phase.description }, { signal });
      return { phaseId: made.id };
    },
  };
}

/** Sets a phase's status. Repeatable, so a lost answer is simply asked again. */
export function phaseStatusEffect(
  { rollout, desk }: Place,
  change: {
    readonly phase: PhaseId;
    readonly status: string;
    readonly round: number;
    projectId(): Promise<string>;
    phaseId(): Promise<string>;
  },
): Effect {
  return {
    key: `${rollout}/psa/phase-status/${change.phase}/${change.status}/${change.round}`,
    subject: { kind: "psa_phase_status", phase: change.phase, status: change.status },
    lagMs: GUARANTEES.psa_phase_status.lagMs,
    find: async () => ({ state: "absent" }),
    async perform({ signal }) {
      await desk.setPhaseStatus(await change.projectId(), await change.phaseId(), change.status, { signal });
      return { status: change.status };
    },
  };
}

/** The ticket of one holdout. Outcome: `ticketId`. */
export function holdoutTicketEffect(
  { rollout, desk }: Place,
  ticket: {
    readonly userId: UserId;
    readonly summary: string;
    readonly text: string;
    projectId(): Promise<string>;
    phaseId(): Promise<string>;
  },
): Effect {
  const marker = deskMarker(rollout, ticket.userId);
  return {
    key: `${rollout}/psa/ticket/${ticket.userId}`,
    subject: { kind: "psa_ticket", userId: ticket.userId },
    lagMs: GUARANTEES.psa_ticket.lagMs,
    async find({ signal }) {
      const tickets = await desk.listProjectTickets(await ticket.projectId(), { signal });
      const found = tickets.find((candidate) => candidate.marker === marker);
      return found === undefined ? { state: "absent" } : { state: "done", outcome: { ticketId: found.id } };
    },
    async perform({ signal }) {
      const { summary, text } = ticket;
      const made = await desk.createProjectTicket(
        { phaseId: await ticket.phaseId(), summary, text, marker },
        { signal },
      );
      return { ticketId: made.id };
    },
  };
}

/** Sets a holdout ticket's status. Repeatable. */
export function ticketStatusEffect(
  { rollout, desk }: Place,
  change: { readonly userId: UserId; readonly status: string; readonly round: number; ticketId(): Promise<string> },
): Effect {
  return {
    key: `${rollout}/psa/ticket-status/${change.userId}/${change.status}/${change.round}`,
    subject: { kind: "psa_ticket_status", userId: change.userId, status: change.status },
    lagMs: GUARANTEES.psa_ticket_status.lagMs,
    find: async () => ({ state: "absent" }),
    async perform({ signal }) {
      await desk.changeTicket(await change.ticketId(), { status: change.status }, { signal });
      return { status: change.status };
    },
  };
}

/** The reply to a user's ticket, found again by the marker in its last line. */
export function replyEffect(
  { rollout, desk }: Place,
  reply: { readonly ticketId: string; write(): Promise<string> },
): Effect {
  const { ticketId } = reply;
  const marker = deskMarker(rollout, `reply/${ticketId}`);
  return {
    key: `${rollout}/ticket-reply/${ticketId}`,
    subject: { kind: "ticket_reply", ticketId },
    lagMs: GUARANTEES.ticket_reply.lagMs,
    async find({ signal }) {
      return (await desk.hasNote(ticketId, marker, { signal }))
        ? { state: "done", outcome: { ticketId } }
        : { state: "absent" };
    },
    async perform({ signal }) {
      await desk.addReply(ticketId, { text: await reply.write(), marker }, { signal });
      return { ticketId };
    },
  };
}
