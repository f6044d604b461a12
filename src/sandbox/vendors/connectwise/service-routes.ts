import type { VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { Desk } from "./desk.ts";
import { answerList } from "./list.ts";
import { readPatch } from "./patch.ts";
import { invalidObject, notFound } from "./psa-errors.ts";
import { isObject, matchesReference, type PsaRecord } from "./record.ts";
import { type PsaRoute, readJson, tooLong } from "./route.ts";
import { wrongDate, wrongOwner } from "./ticket-rules.ts";

const WRITABLE = [
  "summary",
  "status",
  "externalXRef",
  "owner",
  "priority",
  "severity",
  "impact",
  "poNumber",
  "requiredDate",
];

/** `/service/…`: boards, their statuses, tickets and their notes. Tickets are never deleted here. */
export function serviceRoutes(desk: Desk): PsaRoute[] {
  return [
    { method: "GET", path: "/service/boards", handle: (request) => answerList(request, desk.boards) },
    {
      method: "GET",
      path: "/service/boards/:id/statuses",
      handle: (request, { id }) => {
        const statuses = desk.boardStatuses.get(Number(id));
        return statuses ? answerList(request, statuses) : notFound();
      },
    },
    {
      method: "GET",
      path: "/service/tickets",
      handle: (request) => answerList(request, [...desk.serviceTickets.values()]),
    },
    { method: "POST", path: "/service/tickets", handle: (request) => createTicket(desk, request) },
    { method: "GET", path: "/service/tickets/:id", handle: (_, { id }) => found(desk.serviceTickets.get(Number(id))) },
    {
      method: "PATCH",
      path: "/service/tickets/:id",
      handle: (request, { id }) => patchTicket(desk, request, desk.serviceTickets, Number(id)),
    },
    ...noteRoutes(desk, "service", desk.serviceTickets),
  ];
}

/** Notes of either kind of ticket. A list of a project ticket's notes has a form of its own (ProjectTicketNote). */
export function noteRoutes(
  desk: Desk,
  module: "service" | "project",
  tickets: ReadonlyMap<number, PsaRecord>,
): PsaRoute[] {
  const path = `/${module}/tickets/:id/notes`;
  return [
    {
      method: "GET",
      path,
      handle(request, { id }) {
        const ticket = tickets.get(Number(id));
        if (!ticket) return notFound();
        const notes = [...desk.notes.values()].filter((note) => note.ticketId === ticket.id);
        return answerList(request, module === "service" ? notes : notes.map((note) => projectNote(note, ticket)));
      },
    },
    {
      method: "POST",
      path,
      handle: (request, { id }) => (tickets.has(Number(id)) ? createNote(desk, request, Number(id)) : notFound()),
    },
  ];
}

function projectNote(note: PsaRecord, ticket: PsaRecord): PsaRecord {
  const { ticketId: _t, dateCreated: _d, createdBy, internalFlag: _i, externalFlag: _e, ...shared } = note;
  const reference = { id: ticket.id, summary: ticket.summary };
  return { ...shared, noteType: "TicketNote", ticket: reference, originalAuthor: createdBy };
}

export const found = (record: PsaRecord | undefined): VendorResponse =>
  record ? { status: 200, body: record } : notFound();

function createTicket(desk: Desk, request: VendorRequest): VendorResponse {
  const body = readJson(request);
  const company = isObject(body?.company) ? findCompany(desk, body.company) : undefined;
  const board = isObject(body?.board)
    ? desk.boards.find((one) => isObject(body.board) && matchesReference(one, body.board))
    : desk.boards[0];
  const faults = [
    ...(typeof body?.summary === "string" && body.summary !== ""
      ? []
      : [{ field: "summary", code: "MissingRequiredField", message: "summary is required" }]),
    ...(company ? [] : [{ field: "company", code: "MissingRequiredField", message: "company is required" }]),
    ...(board && board.projectFlag !== true
      ? []
      : [{ field: "board", code: "InvalidReference", message: "board is not a service board" }]),
    ...tooLong(body, { summary: 100, externalXRef: 100, poNumber: 50 }),
  ];
  if (body === null || !board || faults.length > 0) return invalidObject("ticket", faults);
  const { initialDescription, initialInternalAnalysis: _i, initialResolution: _r, ...fields } = body;
  const ticket = desk.addServiceTicket({
    ...fields,
    company,
    board: { id: board.id, name: board.name },
    status: desk.statusOf(board.id, body.status) ?? desk.defaultStatusOf(board.id),
    at: undefined,
  });
  if (typeof initialDescription === "string") {
    desk.addNote(ticket.id, {
      text: initialDescription,
      by: "API Member",
      fromContact: false,
      detailDescriptionFlag: true,
    });
  }
  return { status: 201, body: ticket };
}

const findCompany = (desk: Desk, wanted: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined => {
  const company = desk.companies.find((one) => one.id === wanted.id || one.identifier === wanted.identifier);
  return company && { id: company.id, identifier: company.identifier, name: company.name };
};

function createNote(desk: Desk, request: VendorRequest, ticketId: number): VendorResponse {
  const body = readJson(request);
  if (typeof body?.text !== "string" || body.text === "") {
    return invalidObject("ticketNote", [{ field: "text", code: "MissingRequiredField", message: "text is required" }]);
  }
  const note = desk.addNote(ticketId, {
    text: body.text,
    by: "API Member",
    fromContact: false,
    detailDescriptionFlag: body.detailDescriptionFlag === true,
    internalAnalysisFlag: body.internalAnalysisFlag === true,
    resolutionFlag: body.resolutionFlag === true,
  });
  return { status: 201, body: note };
}

/** Changes a ticket of either kind. A status must be one of the ticket's own board. */
export function patchTicket(
  desk: Desk,
  request: VendorRequest,
  tickets: Map<number, PsaRecord>,
  id: number,
): VendorResponse {
  const ticket = tickets.get(id);
  if (!ticket) return notFound();
  const reading = readPatch(readJson(request), ticket, [...WRITABLE, "wbsCode"]);
  if (reading.kind === "refused") {
    return invalidObject("ticket", [
      { field: reading.field, code: "InvalidField", message: "not a field of a ticket" },
    ]);
  }
  const changes: Record<string, unknown> = { ...reading.changes };
  const misfits = [...wrongDate(changes), ...wrongOwner(desk, changes)];
  if (misfits.length > 0) return invalidObject("ticket", misfits);
  if ("status" in changes) {
    const boardId = isObject(ticket.board) ? Number(ticket.board.id) : 0;
    const status = desk.statusOf(boardId, changes.status);
    if (!status)
      return invalidObject("ticket", [
        { field: "status", code: "InvalidReference", message: "not a status of the board" },
      ]);
    changes.status = { id: status.id, name: status.name };
    changes.closedFlag = status.closed;
  }
  const faults = tooLong(changes, { summary: 100, externalXRef: 100, wbsCode: 50 });
  if (faults.length > 0) return invalidObject("ticket", faults);
  const changed = { ...ticket, ...changes, _info: desk.changedInfo(ticket) };
  tickets.set(id, changed);
  return { status: 200, body: changed };
}
