import { z } from "zod";
import { type Instant, instant } from "../../domain/model/time.ts";
import { ConnectorAmbiguousError, InputError } from "../../errors.ts";
import type { Check } from "../../ports/check.ts";
import type { Project, ProjectPhase, ProjectTicket, ServiceDeskPort, UserTicket } from "../../ports/service-desk.ts";
import { allOf, condition } from "./conditions.ts";
import { endsWithMarker, markerOfWbsCode, wbsMarker, withMarker } from "./marker.ts";
import { Place, type PlaceNames } from "./place.ts";
import { PsaClient, type PsaClientOptions } from "./psa-client.ts";
import {
  IdRecord,
  Note,
  PhaseRecord,
  ProjectRecord,
  ProjectTicketRecord,
  ServiceTicket,
  TicketStatusRecord,
} from "./psa-records.ts";
import { RIGHTS } from "./rights.ts";

type ConnectWiseOptions = PsaClientOptions & PlaceNames;

interface Call {
  readonly signal: AbortSignal;
}

const SECOND_MS = 1_000;
/** Longest name of a project, description of a phase and summary of a ticket. */
const MAX_TITLE = 100;
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

  constructor(options: ConnectWiseOptions) {
    this.#client = new PsaClient(options);
    this.#place = new Place(this.#client, options);
    this.#names = options;
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

  async hasNote(ticketId: string, marker: string, { signal }: Call): Promise<boolean> {
    const path = `/service/tickets/${idOf(ticketId)}/notes`;
    const ask = { schema: Note, fields: "id,text", permission: RIGHTS.readTickets, signal };
    for await (const { text } of this.#client.list(path, ask)) {
      if (endsWithMarker(text ?? "", marker)) return true;
    }
    return false;
  }

  async addReply(
    ticketId: string,
    reply: { readonly text: string; readonly marker: string },
    { signal }: Call,
  ): Promise<void> {
    const body = {
      text: withMarker(reply.text, reply.marker),
      // The flags choose the tab. The discussion is the one that the customer sees.
      detailDescriptionFlag: true,
      internalAnalysisFlag: false,
      resolutionFlag: false,
    };
    const path = `/service/tickets/${idOf(ticketId)}/notes`;
    await this.#client.create(path, body, { schema: Note, permission: RIGHTS.replyToTickets, signal });
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
    const read = async (): Promise<string> => {
      const ask = { schema: PhaseRecord, fields: "id,description,status", permission: RIGHTS.readPhases, signal };
      return (await this.#client.get(path, ask)).status.name;
    };
    if (sameName(await read(), status)) return;
    const statusId = await this.#place.phaseStatusId(status, { signal });
    await this.#setStatus({ path, statusId, status, read, permission: RIGHTS.changePhases, signal });
  }

  async listProjectTickets(projectId: string, { signal }: Call): Promise<readonly ProjectTicket[]> {
    const conditions = condition("project/id", "=", idOf(projectId));
    const fields = "id,summary,status,wbsCode";
    const ask = { schema: ProjectTicketRecord, conditions, fields, permission: RIGHTS.readProjectTickets, signal };
    return (await Array.fromAsync(this.#client.list("/project/tickets", ask))).map(toProjectTicket);
  }

  async createProjectTicket(
    ticket: { readonly phaseId: string; readonly summary: string; readonly text: string; readonly marker: string },
    { signal }: Call,
  ): Promise<ProjectTicket> {
    const body = {
      // For people to read; nothing is found by it, so it may be cut.
      summary: ticket.summary.length <= MAX_TITLE ? ticket.summary : `${ticket.summary.slice(0, MAX_TITLE - 1)}…`,
      phase: { id: idOf(ticket.phaseId) },
      initialDescription: ticket.text,
      wbsCode: wbsMarker(ticket.marker),
      // The ticket is the technicians' list; without this a board may mail the customer about it.
      processNotifications: false,
    };
    const call = { schema: ProjectTicketRecord, permission: RIGHTS.addProjectTickets, signal };
    return toProjectTicket(await this.#client.create("/project/tickets", body, call));
  }

  async setTicketStatus(ticketId: string, status: string, { signal }: Call): Promise<void> {
    const path = `/project/tickets/${idOf(ticketId)}`;
    const ask = { schema: TicketStatusRecord, fields: "board,status", permission: RIGHTS.readProjectTickets, signal };
    const before = await this.#client.get(path, ask);
    if (sameName(before.status.name, status)) return;
    const statusId = await this.#place.boardStatusId(before.board.id, status, { signal });
    const read = async (): Promise<string> => (await this.#client.get(path, ask)).status.name;
    await this.#setStatus({ path, statusId, status, read, permission: RIGHTS.changeProjectTickets, signal });
  }

  /** Setting is repeatable and reading back shows the truth, so neither a lost answer nor a false 200 matters here. */
  async #setStatus(change: {
    readonly path: string;
    readonly statusId: number;
    readonly status: string;
    readonly read: () => Promise<string>;
    readonly permission: string;
    readonly signal: AbortSignal;
  }): Promise<void> {
    const { path, statusId, status, read, permission, signal } = change;
    let lost: ConnectorAmbiguousError | null = null;
    try {
      await this.#client.replace(path, ["status", { id: statusId }], { schema: z.unknown(), permission, signal });
    } catch (error) {
      if (!(error instanceof ConnectorAmbiguousError)) throw error;
      lost = error;
    }
    if (sameName(await read(), status)) return;
    throw lost ?? this.#client.errors.contract("that it changed a status, and did not change it", { field: "status" });
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

const toProjectTicket = ({ id, summary, status, wbsCode }: z.output<typeof ProjectTicketRecord>): ProjectTicket => ({
  id: String(id),
  summary,
  status: status.name,
  marker: markerOfWbsCode(wbsCode),
});

/** ConnectWise compares names without case. */
const sameName = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

/** A name that things are found by, so it is never cut. */
function title(text: string): string {
  if (text.length <= MAX_TITLE) return text;
  throw new InputError(`A name for ConnectWise PSA is longer than ${MAX_TITLE} characters.`, {
    nextStep: "Give the project or phase a shorter name.",
  });
}

function idOf(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InputError("That is no id of ConnectWise PSA: its ids are whole numbers.", {
    nextStep: "Use an id that list_tickets or sync_psa_project returned.",
  });
}
