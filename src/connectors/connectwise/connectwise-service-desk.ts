import type { z } from "zod";
import { type Instant, instant } from "../../domain/model/time.ts";
import { InputError } from "../../errors.ts";
import type { Check } from "../../ports/check.ts";
import type {
  NewProjectTicket,
  Project,
  ProjectPhase,
  ProjectTicket,
  ServiceDeskPort,
  TicketChange,
  UserTicket,
} from "../../ports/service-desk.ts";
import { changeAndSee } from "./change-and-see.ts";
import { allOf, condition } from "./conditions.ts";
import { endsWithMarker, withMarker } from "./marker.ts";
import { Place, type PlaceNames } from "./place.ts";
import { ProjectTickets } from "./project-tickets.ts";
import { PsaClient, type PsaClientOptions } from "./psa-client.ts";
import { IdRecord, idOf, MAX_TITLE, Note, PhaseRecord, ProjectRecord, ServiceTicket, sameName } from "./psa-records.ts";
import { RIGHTS } from "./rights.ts";
import { TicketNotes } from "./ticket-notes.ts";

type ConnectWiseOptions = PsaClientOptions & PlaceNames;

interface Call {
  readonly signal: AbortSignal;
}

const SECOND_MS = 1_000;
const PROJECT_TEXT =
  "Rollout of enforced MFA. mfa-rollout keeps this project up to date; the last line is how it finds it.";

/**
 * ConnectWise PSA. It has no idempotency key, so everything made carries a marker: the last line of a note and of a
 * project's description, `wbsCode` of a project ticket, and the description itself of a phase.
 */
export class ConnectWiseServiceDesk implements ServiceDeskPort {
  readonly source: string;
  readonly #client: PsaClient;
  readonly #place: Place;
  readonly #names: PlaceNames;
  readonly #notes: TicketNotes;
  readonly #tickets: ProjectTickets;

  constructor(options: ConnectWiseOptions) {
    this.#client = new PsaClient(options);
    this.#place = new Place(this.#client, options);
    this.#names = options;
    this.#notes = new TicketNotes(this.#client);
    this.#tickets = new ProjectTickets(this.#client, this.#place);
    this.source = `ConnectWise PSA (${this.#client.host}, company ${options.customer})`;
  }

  /** The rights to read, one at a time; those to add and edit cannot be asked for (ConnectWise shows no role by REST). */
  checks(): readonly Check[] {
    const { customer, serviceBoard, projectBoard } = this.#names;
    const place = this.#place;
    const found =
      (what: string, look: (call: Call) => Promise<unknown>): Check =>
      async ({ signal }) => {
        await look({ signal });
        return [{ state: "good", text: `${what}.` }];
      };
    const readable = (what: string, path: string, permission: string): Check =>
      found(`${what} can be read`, ({ signal }) => {
        const ask = { schema: IdRecord, fields: "id", limit: 1, permission, signal };
        return Array.fromAsync(this.#client.list(path, ask));
      });
    return [
      found(`The company “${customer}” is there`, (call) => place.companyId(call)),
      found(`The service board “${serviceBoard}” is there`, (call) => place.serviceBoardId(call)),
      found(`The project board “${projectBoard}” is there`, (call) => place.projectBoardId(call)),
      readable("Service tickets", "/service/tickets", RIGHTS.readTickets),
      readable("Projects", "/project/projects", RIGHTS.readProjects),
      readable("Project tickets", "/project/tickets", RIGHTS.readProjectTickets),
      async () => [{ state: "unknown", text: "Whether the key may add and edit shows only when it does." }],
    ];
  }

  async *listTickets(options: { from: Instant; to: Instant; signal: AbortSignal }): AsyncGenerator<UserTicket> {
    const { from, to, signal } = options;
    const boardId = await this.#place.serviceBoardId({ signal });
    const closedIds = await this.#place.closedStatusIds(boardId, { signal });
    // Times of entry have whole seconds, so the window's first second belongs to it wholly: where one window follows
    // another, a ticket is rather seen twice than missed.
    const conditions = allOf(
      condition("board/id", "=", boardId),
      condition("company/id", "=", await this.#place.companyId({ signal })),
      condition("dateEntered", ">=", new Date(Math.floor(Date.parse(from) / SECOND_MS) * SECOND_MS)),
      condition("dateEntered", "<", new Date(Math.ceil(Date.parse(to) / SECOND_MS) * SECOND_MS)),
    );
    const fields = "id,summary,status,contactName,contactEmailAddress,closedFlag,_info";
    const ask = { schema: ServiceTicket, conditions, fields, permission: RIGHTS.readTickets, signal };
    for await (const ticket of this.#client.list("/service/tickets", ask)) {
      yield {
        id: String(ticket.id),
        summary: ticket.summary,
        text: await this.#firstText(ticket.id, { signal }),
        contactName: ticket.contactName ?? null,
        contactEmail: ticket.contactEmailAddress ?? null,
        openedAt: instant(ticket._info.dateEntered),
        // The flag alone is not kept up on every tenant.
        closed: ticket.closedFlag || closedIds.has(ticket.status.id),
      };
    }
  }

  hasNote(ticketId: string, marker: string, call: Call): Promise<boolean> {
    return this.#notes.has("service", ticketId, { marker, ...call });
  }

  addReply(ticketId: string, reply: { readonly text: string; readonly marker: string }, call: Call): Promise<void> {
    return this.#notes.add("service", ticketId, { ...reply, ...call });
  }

  async findProject(marker: string, { signal }: Call): Promise<Project | null> {
    // All of the customer's projects, because in a query the brackets of the marker would be a set of characters.
    const conditions = condition("company/id", "=", await this.#place.companyId({ signal }));
    const ask = {
      schema: ProjectRecord,
      conditions,
      fields: "id,name,description",
      permission: RIGHTS.readProjects,
      signal,
    };
    for await (const { id, name, description } of this.#client.list("/project/projects", ask)) {
      if (endsWithMarker(description ?? "", marker)) return { id: String(id), name };
    }
    return null;
  }

  async createProject(
    project: { readonly name: string; readonly start: string; readonly end: string; readonly marker: string },
    { signal }: Call,
  ): Promise<Project> {
    const body = {
      name: title(project.name),
      board: { id: await this.#place.projectBoardId({ signal }) },
      company: { id: await this.#place.companyId({ signal }) },
      billingMethod: "ActualRates",
      estimatedStart: `${project.start}T00:00:00Z`,
      estimatedEnd: `${project.end}T00:00:00Z`,
      description: withMarker(PROJECT_TEXT, project.marker),
    };
    const call = { schema: ProjectRecord, permission: RIGHTS.addProjects, signal };
    const { id, name } = await this.#client.create("/project/projects", body, call);
    return { id: String(id), name };
  }

  async listPhases(projectId: string, { signal }: Call): Promise<readonly ProjectPhase[]> {
    const path = `/project/projects/${idOf(projectId)}/phases`;
    const ask = { schema: PhaseRecord, fields: "id,description,status", permission: RIGHTS.readPhases, signal };
    return (await Array.fromAsync(this.#client.list(path, ask))).map(toPhase);
  }

  async createPhase(
    projectId: string,
    phase: { readonly description: string },
    { signal }: Call,
  ): Promise<ProjectPhase> {
    const body = { description: title(phase.description) };
    const call = { schema: PhaseRecord, permission: RIGHTS.addPhases, signal };
    return toPhase(await this.#client.create(`/project/projects/${idOf(projectId)}/phases`, body, call));
  }

  async setPhaseStatus(projectId: string, phaseId: string, status: string, { signal }: Call): Promise<void> {
    const path = `/project/projects/${idOf(projectId)}/phases/${idOf(phaseId)}`;
    const stands = async (): Promise<boolean> => {
      const ask = { schema: PhaseRecord, fields: "id,description,status", permission: RIGHTS.readPhases, signal };
      return sameName((await this.#client.get(path, ask)).status.name, status);
    };
    if (await stands()) return;
    const id = await this.#place.phaseStatusId(status, { signal });
    const call = { path, fields: { status: { id } }, permission: RIGHTS.changePhases, signal };
    await changeAndSee(this.#client, call, stands);
  }

  listProjectTickets(projectId: string, call: Call): Promise<readonly ProjectTicket[]> {
    return this.#tickets.list(projectId, call);
  }

  createProjectTicket(ticket: NewProjectTicket, call: Call): Promise<ProjectTicket> {
    return this.#tickets.create(ticket, call);
  }

  changeTicket(ticketId: string, change: TicketChange, call: Call): Promise<void> {
    return this.#tickets.change(ticketId, change, call);
  }

  hasTicketNote(ticketId: string, marker: string, call: Call): Promise<boolean> {
    return this.#notes.has("project", ticketId, { marker, ...call });
  }

  addTicketNote(ticketId: string, note: { readonly text: string; readonly marker: string }, call: Call): Promise<void> {
    return this.#notes.add("project", ticketId, { ...note, ...call });
  }

  async #firstText(ticketId: number, { signal }: Call): Promise<string> {
    const conditions = condition("detailDescriptionFlag", "=", true);
    const ask = { schema: Note, conditions, fields: "id,text", limit: 1, permission: RIGHTS.readTickets, signal };
    const [first] = await Array.fromAsync(this.#client.list(`/service/tickets/${ticketId}/notes`, ask));
    return first?.text ?? "";
  }
}

const toPhase = ({ id, description, status }: z.output<typeof PhaseRecord>): ProjectPhase => ({
  id: String(id),
  description,
  status: status.name,
});

/** A name that things are found by, so it is never cut. */
function title(text: string): string {
  if (text.length <= MAX_TITLE) return text;
  throw new InputError(`A name for ConnectWise PSA is longer than ${MAX_TITLE} characters.`, {
    nextStep: "Give the project or phase a shorter name.",
  });
}
