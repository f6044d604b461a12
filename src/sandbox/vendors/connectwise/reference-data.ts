import type { Box } from "../../core/vendor.ts";
import type { PsaRecord } from "./record.ts";

export const SERVICE_BOARD = 1;
const PROJECT_BOARD = 17;
const INTERNAL_BOARD = 23;

/** The customer's company and the MSP's own, so that a query without a company shows too much. */
export function companies(box: Box): readonly PsaRecord[] {
  const { customer, companyId } = box.secrets.connectwise;
  const company = (id: number, identifier: string, name: string): PsaRecord => ({
    id,
    identifier,
    name,
    status: { id: 1, name: "Active" },
    deletedFlag: false,
    _info: { lastUpdated: "2024-02-12T09:00:00Z", updatedBy: "Admin1" },
  });
  return [company(250, customer, box.world.settings.company), company(19, companyId, "Brightpath IT (internal)")];
}

/** The MSP's people; who left keeps the identifier. */
export function members(): readonly PsaRecord[] {
  const member = (id: number, identifier: string, name: string, inactiveFlag = false): PsaRecord => ({
    id,
    identifier,
    name,
    inactiveFlag,
    licenseClass: identifier === "API" ? "A" : "F",
  });
  return [
    member(154, "API", "API Member"),
    member(161, "PRaman", "Priya Raman"),
    member(162, "TOkafor", "Tobe Okafor"),
    member(163, "JLind", "Jonas Lind", true),
  ];
}

export function boards(): readonly PsaRecord[] {
  const board = (id: number, name: string, projectFlag: boolean): PsaRecord => ({
    id,
    name,
    location: { id: 2, name: "Main" },
    department: { id: 10, name: "Services" },
    inactiveFlag: false,
    projectFlag,
  });
  return [
    board(SERVICE_BOARD, "Service Desk", false),
    board(PROJECT_BOARD, "Projects", true),
    board(INTERNAL_BOARD, "Internal", false),
  ];
}

/** Each board has its own statuses with ids of their own; `Closed` stands on every board. */
export function boardStatuses(): ReadonlyMap<number, readonly PsaRecord[]> {
  const statuses = (
    boardId: number,
    boardName: string,
    firstId: number,
    names: readonly string[],
  ): readonly PsaRecord[] =>
    names.map((name, index) => ({
      id: firstId + index,
      name,
      board: { id: boardId, name: boardName },
      sortOrder: index,
      inactive: false,
      closedStatus: name === "Closed" || name === "Completed",
      defaultFlag: index === 0,
    }));
  return new Map([
    [
      SERVICE_BOARD,
      statuses(SERVICE_BOARD, "Service Desk", 100, ["New", "In Progress", "Waiting on Client", "Completed", "Closed"]),
    ],
    [
      PROJECT_BOARD,
      statuses(PROJECT_BOARD, "Projects", 300, ["Open", "In Progress", "Waiting on Client", "Completed", "Closed"]),
    ],
    [INTERNAL_BOARD, statuses(INTERNAL_BOARD, "Internal", 500, ["New", "Closed"])],
  ]);
}

const named = (names: readonly string[], firstId: number): readonly PsaRecord[] =>
  names.map((name, index) => ({
    id: firstId + index,
    name,
    defaultFlag: index === 0,
    inactiveFlag: false,
    closedFlag: name === "Closed",
  }));

export const PROJECT_STATUSES = named(["Open", "In Progress", "On-Hold", "Closed"], 1);
export const PHASE_STATUSES = named(["Open", "In Progress", "Completed", "Closed"], 1);
