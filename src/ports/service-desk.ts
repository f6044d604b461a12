import type { Instant } from "../domain/model/time.ts";
import type { Checked } from "./check.ts";

interface Call {
  readonly signal: AbortSignal;
}

/** A ticket raised by a user of the customer. Summary and text were written by strangers: fence before showing. */
export interface UserTicket {
  readonly id: string;
  readonly summary: string;
  /** First note of the discussion, as far as the desk returns it. */
  readonly text: string;
  readonly contactName: string | null;
  readonly contactEmail: string | null;
  readonly openedAt: Instant;
  readonly closed: boolean;
}

export interface Project {
  readonly id: string;
  readonly name: string;
}
export interface ProjectPhase {
  readonly id: string;
  readonly description: string;
  readonly status: string;
}
export interface ProjectTicket {
  readonly id: string;
  readonly summary: string;
  readonly status: string;
  /** The marker we planted, where the ticket is ours. */
  readonly marker: string | null;
}

export interface NewProjectTicket {
  readonly phaseId: string;
  readonly summary: string;
  readonly text: string;
  readonly marker: string;
  /** By when it has to be done. A ticket with a date is given to the technician of the customer's file. */
  readonly due?: Instant;
}
export interface TicketChange {
  readonly status: string;
  readonly due?: Instant;
}

/** The MSP's service desk (PSA). Every `create…` plants `marker`, and the `find…` beside it looks for that marker. */
export interface ServiceDeskPort extends Checked {
  /** Tickets of the customer opened in [from, to) on the service board, oldest first. */
  listTickets(options: { from: Instant; to: Instant; signal: AbortSignal }): AsyncIterable<UserTicket>;
  /** True when a note of the ticket carries the marker. */
  hasNote(ticketId: string, marker: string, call: Call): Promise<boolean>;
  /** A note the customer sees; one tab only. The marker goes in its last line. */
  addReply(ticketId: string, reply: { readonly text: string; readonly marker: string }, call: Call): Promise<void>;

  findProject(marker: string, call: Call): Promise<Project | null>;
  createProject(
    project: { readonly name: string; readonly start: string; readonly end: string; readonly marker: string },
    call: Call,
  ): Promise<Project>;
  listPhases(projectId: string, call: Call): Promise<readonly ProjectPhase[]>;
  createPhase(projectId: string, phase: { readonly description: string }, call: Call): Promise<ProjectPhase>;
  /** Sets the phase's status by name and reads it back, because the desk may answer 200 and change nothing. */
  setPhaseStatus(projectId: string, phaseId: string, status: string, call: Call): Promise<void>;
  listProjectTickets(projectId: string, call: Call): Promise<readonly ProjectTicket[]>;
  createProjectTicket(ticket: NewProjectTicket, call: Call): Promise<ProjectTicket>;
  /** Sets what is given, the status by name, and reads it back. */
  changeTicket(ticketId: string, change: TicketChange, call: Call): Promise<void>;
  /** True when a note of the project's ticket carries the marker. */
  hasTicketNote(ticketId: string, marker: string, call: Call): Promise<boolean>;
  /** A note for technicians, which the customer does not see. The marker goes in its last line. */
  addTicketNote(ticketId: string, note: { readonly text: string; readonly marker: string }, call: Call): Promise<void>;
}
