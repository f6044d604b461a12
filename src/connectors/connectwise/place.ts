import { ConfigurationError } from "../../errors.ts";
import { allOf, condition } from "./conditions.ts";
import type { PsaClient, PsaList } from "./psa-client.ts";
import { BoardStatus, IdRecord } from "./psa-records.ts";
import { RIGHTS } from "./rights.ts";

interface Call {
  readonly signal: AbortSignal;
}

export interface PlaceNames {
  /** `identifier` of the customer's company. */
  readonly customer: string;
  readonly serviceBoard: string;
  readonly projectBoard: string;
  /** `identifier` of the member to whom tickets with a due date are given; they have no owner where it is left out. */
  readonly technician?: string;
}

/**
 * The ids behind the names of the configuration. Asked by name because a query for a board that does not exist answers
 * an empty list, which would read as "no tickets".
 */
export class Place {
  readonly #client: PsaClient;
  readonly #names: PlaceNames;
  /** Ids never change, so each is asked once. */
  readonly #ids = new Map<string, number>();

  constructor(client: PsaClient, names: PlaceNames) {
    this.#client = client;
    this.#names = names;
  }

  async companyId({ signal }: Call): Promise<number> {
    const { customer } = this.#names;
    const conditions = condition("identifier", "=", customer);
    const ask = { schema: IdRecord, conditions, fields: "id", permission: RIGHTS.readCompanies, signal };
    return this.#once(`company ${customer}`, () => this.#only("/company/companies", ask, `company “${customer}”`));
  }

  /** The technician's id; `null` where the configuration names none. */
  async technicianId({ signal }: Call): Promise<number | null> {
    const { technician } = this.#names;
    if (technician === undefined) return null;
    const conditions = allOf(condition("identifier", "=", technician), condition("inactiveFlag", "=", false));
    const ask = { schema: IdRecord, conditions, fields: "id", permission: RIGHTS.readMembers, signal };
    return this.#once(`member ${technician}`, () =>
      this.#only("/system/members", ask, `active member “${technician}”`),
    );
  }

  async serviceBoardId(call: Call): Promise<number> {
    return this.#boardId(this.#names.serviceBoard, false, call);
  }

  async projectBoardId(call: Call): Promise<number> {
    return this.#boardId(this.#names.projectBoard, true, call);
  }

  /** Ids of the board's statuses that close a ticket. */
  async closedStatusIds(boardId: number, { signal }: Call): Promise<ReadonlySet<number>> {
    const statuses = this.#client.list(`/service/boards/${boardId}/statuses`, {
      schema: BoardStatus,
      fields: "id,name,closedStatus",
      permission: RIGHTS.readBoards,
      signal,
    });
    const closed = await Array.fromAsync(statuses);
    return new Set(closed.filter(({ closedStatus }) => closedStatus).map(({ id }) => id));
  }

  /** A status of this board; the same name has another id on every board. */
  async boardStatusId(boardId: number, name: string, { signal }: Call): Promise<number> {
    const conditions = condition("name", "=", name);
    const ask = { schema: IdRecord, conditions, fields: "id", permission: RIGHTS.readBoards, signal };
    return this.#only(`/service/boards/${boardId}/statuses`, ask, `status “${name}” on the board`);
  }

  async phaseStatusId(name: string, { signal }: Call): Promise<number> {
    const conditions = condition("name", "=", name);
    const ask = { schema: IdRecord, conditions, fields: "id", permission: RIGHTS.readBoards, signal };
    return this.#only("/project/phaseStatuses", ask, `phase status “${name}”`);
  }

  async #boardId(name: string, forProjects: boolean, { signal }: Call): Promise<number> {
    const conditions = allOf(condition("name", "=", name), condition("projectFlag", "=", forProjects));
    const ask = { schema: IdRecord, conditions, fields: "id", permission: RIGHTS.readBoards, signal };
    const what = `${forProjects ? "project" : "service"} board “${name}”`;
    return this.#once(what, () => this.#only("/service/boards", ask, what));
  }

  async #once(key: string, ask: () => Promise<number>): Promise<number> {
    const id = this.#ids.get(key) ?? (await ask());
    this.#ids.set(key, id);
    return id;
  }

  async #only(path: string, ask: PsaList<{ readonly id: number }>, what: string): Promise<number> {
    const found = await Array.fromAsync(this.#client.list(path, { ...ask, limit: 2 }));
    const [first] = found;
    if (first !== undefined && found.length === 1) return first.id;
    throw new ConfigurationError(`ConnectWise PSA has ${first === undefined ? "no" : "more than one"} ${what}.`, {
      nextStep:
        "Ask an administrator to correct the name in the customer's configuration or procedure, or in ConnectWise.",
    });
  }
}
