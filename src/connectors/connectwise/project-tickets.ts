import type { z } from "zod";
import type { Instant } from "../../domain/model/time.ts";
import type { NewProjectTicket, ProjectTicket, TicketChange } from "../../ports/service-desk.ts";
import { changeAndSee } from "./change-and-see.ts";
import { condition } from "./conditions.ts";
import { markerOfWbsCode, wbsMarker } from "./marker.ts";
import type { Place } from "./place.ts";
import type { PsaClient } from "./psa-client.ts";
import { idOf, MAX_TITLE, ProjectTicketRecord, sameName, TicketStateRecord } from "./psa-records.ts";
import { RIGHTS } from "./rights.ts";

interface Call {
  readonly signal: AbortSignal;
}

/** Tickets of a project: the technicians' list, which no customer is mailed about. */
export class ProjectTickets {
  readonly #client: PsaClient;
  readonly #place: Place;

  constructor(client: PsaClient, place: Place) {
    this.#client = client;
    this.#place = place;
  }

  async list(projectId: string, { signal }: Call): Promise<readonly ProjectTicket[]> {
    const conditions = condition("project/id", "=", idOf(projectId));
    const fields = "id,summary,status,wbsCode";
    const ask = { schema: ProjectTicketRecord, conditions, fields, permission: RIGHTS.readProjectTickets, signal };
    return (await Array.fromAsync(this.#client.list("/project/tickets", ask))).map(toTicket);
  }

  async create({ phaseId, summary, text, marker, due }: NewProjectTicket, { signal }: Call): Promise<ProjectTicket> {
    const owner = due === undefined ? null : await this.#place.technicianId({ signal });
    const body = {
      // For people to read; nothing is found by it, so it may be cut.
      summary: summary.length <= MAX_TITLE ? summary : `${summary.slice(0, MAX_TITLE - 1)}…`,
      phase: { id: idOf(phaseId) },
      initialDescription: text,
      wbsCode: wbsMarker(marker),
      ...(due !== undefined && { requiredDate: wholeSeconds(due) }),
      ...(owner !== null && { owner: { id: owner } }),
      // Without this a board may mail the customer about it.
      processNotifications: false,
    };
    const call = { schema: ProjectTicketRecord, permission: RIGHTS.addProjectTickets, signal };
    return toTicket(await this.#client.create("/project/tickets", body, call));
  }

  async change(ticketId: string, { status, due }: TicketChange, { signal }: Call): Promise<void> {
    const path = `/project/tickets/${idOf(ticketId)}`;
    const fields = "board,status,requiredDate";
    const ask = { schema: TicketStateRecord, fields, permission: RIGHTS.readProjectTickets, signal };
    const isSo = (ticket: z.output<typeof TicketStateRecord>): boolean =>
      sameName(ticket.status.name, status) && (due === undefined || sameInstant(ticket.requiredDate, due));
    const before = await this.#client.get(path, ask);
    if (isSo(before)) return;
    const change = {
      path,
      fields: {
        status: { id: await this.#place.boardStatusId(before.board.id, status, { signal }) },
        ...(due !== undefined && { requiredDate: wholeSeconds(due) }),
      },
      permission: RIGHTS.changeProjectTickets,
      signal,
    };
    await changeAndSee(this.#client, change, async () => isSo(await this.#client.get(path, ask)));
  }
}

const toTicket = ({ id, summary, status, wbsCode }: z.output<typeof ProjectTicketRecord>): ProjectTicket => ({
  id: String(id),
  summary,
  status: status.name,
  marker: markerOfWbsCode(wbsCode),
});

/** ConnectWise takes and gives no parts of a second. */
const wholeSeconds = (at: Instant): string => at.replace(/\.\d+Z$/, "Z");
const sameInstant = (text: string | null | undefined, at: Instant): boolean =>
  typeof text === "string" && Date.parse(text) === Date.parse(wholeSeconds(at));
