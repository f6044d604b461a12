import type { VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { Desk } from "./desk.ts";
import { answerList } from "./list.ts";
import { readPatch } from "./patch.ts";
import { invalidObject, notFound } from "./psa-errors.ts";
import { isObject, matchesReference, type PsaRecord } from "./record.ts";
import { missing, type PsaRoute, readJson, tooLong } from "./route.ts";
import { found, noteRoutes, patchTicket } from "./service-routes.ts";
import { wrongDate, wrongOwner } from "./ticket-rules.ts";

const BILLING_METHODS = ["ActualRates", "FixedFee", "NotToExceed", "OverrideRate"];

/** `/project/…`: projects, phases, project tickets and the statuses that projects and phases may have. */
export function projectRoutes(desk: Desk): PsaRoute[] {
  return [
    { method: "GET", path: "/project/statuses", handle: (request) => answerList(request, desk.projectStatuses) },
    { method: "GET", path: "/project/phaseStatuses", handle: (request) => answerList(request, desk.phaseStatuses) },
    { method: "GET", path: "/project/projects", handle: (request) => answerList(request, [...desk.projects.values()]) },
    { method: "POST", path: "/project/projects", handle: (request) => createProject(desk, request) },
    { method: "GET", path: "/project/projects/:id", handle: (_, { id }) => found(desk.projects.get(Number(id))) },
    {
      method: "GET",
      path: "/project/projects/:id/phases",
      handle: (request, { id }) =>
        desk.projects.has(Number(id)) ? answerList(request, phasesOf(desk, Number(id))) : notFound(),
    },
    {
      method: "POST",
      path: "/project/projects/:id/phases",
      handle: (request, { id }) => createPhase(desk, request, Number(id)),
    },
    {
      method: "GET",
      path: "/project/projects/:id/phases/:phaseId",
      handle: (_, { id, phaseId }) => found(phasesOf(desk, Number(id)).find((phase) => phase.id === Number(phaseId))),
    },
    {
      method: "PATCH",
      path: "/project/projects/:id/phases/:phaseId",
      handle: (request, { phaseId }) => patchPhase(desk, request, Number(phaseId)),
    },
    {
      method: "GET",
      path: "/project/tickets",
      handle: (request) => answerList(request, [...desk.projectTickets.values()]),
    },
    { method: "POST", path: "/project/tickets", handle: (request) => createTicket(desk, request) },
    { method: "GET", path: "/project/tickets/:id", handle: (_, { id }) => found(desk.projectTickets.get(Number(id))) },
    {
      method: "PATCH",
      path: "/project/tickets/:id",
      handle: (request, { id }) => patchTicket(desk, request, desk.projectTickets, Number(id)),
    },
    ...noteRoutes(desk, "project", desk.projectTickets),
  ];
}

const phasesOf = (desk: Desk, projectId: number): PsaRecord[] =>
  [...desk.phases.values()].filter((phase) => phase.projectId === projectId);

function createProject(desk: Desk, request: VendorRequest): VendorResponse {
  const body = readJson(request);
  const wantedBoard = body?.board;
  const board = isObject(wantedBoard) ? desk.boards.find((one) => matchesReference(one, wantedBoard)) : undefined;
  const wantedCompany = body?.company;
  const company = isObject(wantedCompany)
    ? desk.companies.find((one) => one.id === wantedCompany.id || one.identifier === wantedCompany.identifier)
    : undefined;
  const faults = [
    ...missing(body, ["name", "board", "company", "billingMethod", "estimatedStart", "estimatedEnd"]),
    ...tooLong(body, { name: 100 }),
    ...(board?.projectFlag === true
      ? []
      : [{ field: "board", code: "InvalidReference", message: "board is not a project board" }]),
    ...(company ? [] : [{ field: "company", code: "InvalidReference", message: "no such company" }]),
    ...(BILLING_METHODS.includes(String(body?.billingMethod))
      ? []
      : [{ field: "billingMethod", code: "InvalidValue", message: "unknown billing method" }]),
  ];
  if (faults.length > 0 || !board || !company) return invalidObject("project", faults);
  const status = desk.projectStatuses[0];
  const project: PsaRecord = {
    ...body,
    id: desk.nextId(),
    board: { id: board.id, name: board.name },
    company: { id: company.id, identifier: company.identifier, name: company.name },
    status: { id: status?.id, name: status?.name },
    closedFlag: false,
    percentComplete: 0,
    _info: desk.info("API Member"),
  };
  desk.projects.set(project.id, project);
  return { status: 201, body: project };
}

function createPhase(desk: Desk, request: VendorRequest, projectId: number): VendorResponse {
  const project = desk.projects.get(projectId);
  if (!project) return notFound();
  const body = readJson(request);
  const faults = [...missing(body, ["description"]), ...tooLong(body, { description: 100, wbsCode: 50 })];
  if (faults.length > 0) return invalidObject("projectPhase", faults);
  const status = desk.phaseStatuses[0];
  const phase: PsaRecord = {
    wbsCode: String(phasesOf(desk, projectId).length + 1),
    ...body,
    id: desk.nextId(),
    projectId,
    board: project.board,
    status: { id: status?.id, name: status?.name },
    _info: desk.info("API Member"),
  };
  desk.phases.set(phase.id, phase);
  return { status: 201, body: phase };
}

function patchPhase(desk: Desk, request: VendorRequest, id: number): VendorResponse {
  const phase = desk.phases.get(id);
  if (!phase) return notFound();
  const reading = readPatch(readJson(request), phase, ["description", "status", "notes", "deadlineDate"]);
  if (reading.kind === "refused") {
    return invalidObject("projectPhase", [
      { field: reading.field, code: "InvalidField", message: "not a field of a phase" },
    ]);
  }
  const changes: Record<string, unknown> = { ...reading.changes };
  const wanted = changes.status;
  if (wanted !== undefined) {
    const status = isObject(wanted) ? desk.phaseStatuses.find((one) => matchesReference(one, wanted)) : undefined;
    if (!status)
      return invalidObject("projectPhase", [{ field: "status", code: "InvalidReference", message: "no such status" }]);
    changes.status = { id: status.id, name: status.name };
  }
  const changed = { ...phase, ...changes, _info: desk.changedInfo(phase) };
  desk.phases.set(id, changed);
  return { status: 200, body: changed };
}

/** A project ticket has no `externalXRef`: what is sent under a name it does not have is dropped. */
function createTicket(desk: Desk, request: VendorRequest): VendorResponse {
  const body = readJson(request);
  const wanted = body?.phase;
  const phase = isObject(wanted) ? desk.phases.get(Number(wanted.id)) : undefined;
  const faults = [
    ...missing(body, ["summary", "phase"]),
    ...tooLong(body, { summary: 100, wbsCode: 50 }),
    ...(phase ? [] : [{ field: "phase", code: "InvalidReference", message: "no such phase" }]),
    ...wrongDate(body ?? {}),
    ...wrongOwner(desk, body ?? {}),
  ];
  const project = desk.projects.get(Number(phase?.projectId));
  if (faults.length > 0 || !phase || !project || body === null) return invalidObject("projectTicket", faults);
  const {
    initialDescription,
    initialInternalAnalysis: _i,
    initialResolution: _r,
    externalXRef: _x,
    status,
    ...fields
  } = body;
  const boardId = isObject(project.board) ? Number(project.board.id) : 0;
  const initial = desk.statusOf(boardId, status);
  const ticket = desk.addProjectTicket({
    wbsCode: `${phase.wbsCode}.${desk.projectTickets.size + 1}`,
    ...fields,
    board: project.board,
    project: { id: project.id, name: project.name },
    phase: { id: phase.id, name: phase.description },
    company: project.company,
    status: initial ? { id: initial.id, name: initial.name } : desk.defaultStatusOf(boardId),
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
