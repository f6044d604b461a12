import type { Box } from "../../core/vendor.ts";
import { instantText, isObject, matchesReference, type PsaRecord, type Reference } from "./record.ts";
import { boardStatuses, boards, companies, members, PHASE_STATUSES, PROJECT_STATUSES } from "./reference-data.ts";

interface NoteFlags {
  readonly detailDescriptionFlag: boolean;
  readonly internalAnalysisFlag: boolean;
  readonly resolutionFlag: boolean;
}

interface NewNote extends Partial<NoteFlags> {
  readonly text: string;
  /** Name of the contact or member who wrote it. */
  readonly by: string;
  readonly fromContact: boolean;
}

/** Everything one ConnectWise PSA holds. Ids are unique per kind; tickets of both kinds share one row of numbers. */
export class Desk {
  readonly companies: readonly PsaRecord[];
  readonly members: readonly PsaRecord[] = members();
  readonly boards = boards();
  readonly boardStatuses = boardStatuses();
  readonly projectStatuses: readonly PsaRecord[] = PROJECT_STATUSES;
  readonly phaseStatuses: readonly PsaRecord[] = PHASE_STATUSES;
  readonly projects = new Map<number, PsaRecord>();
  readonly phases = new Map<number, PsaRecord>();
  readonly serviceTickets = new Map<number, PsaRecord>();
  readonly projectTickets = new Map<number, PsaRecord>();
  readonly notes = new Map<number, PsaRecord>();
  readonly #box: Box;
  #lastId = 48_210;

  constructor(box: Box) {
    this.#box = box;
    this.companies = companies(box);
    box.world.onTicket((ticket) => {
      const record = this.addServiceTicket({
        summary: ticket.summary.slice(0, 100),
        company: this.companyReference(box.secrets.connectwise.customer),
        contactName: ticket.contactName,
        contactEmailAddress: ticket.contactEmail,
        source: { id: 2, name: "Email Connector" },
        at: ticket.at,
      });
      this.addNote(record.id, {
        text: ticket.text,
        by: ticket.contactName,
        fromContact: true,
        detailDescriptionFlag: true,
      });
    });
  }

  /** World time, as the API writes instants: without milliseconds. */
  nowText(): string {
    return instantText(this.#box.world.now());
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  info(enteredBy: string, at = this.nowText()): Record<string, string> {
    return { lastUpdated: at, updatedBy: enteredBy, dateEntered: at, enteredBy };
  }

  changedInfo(record: PsaRecord): Record<string, unknown> {
    const before = isObject(record._info) ? record._info : {};
    return { ...before, lastUpdated: this.nowText(), updatedBy: "API Member" };
  }

  addServiceTicket(ticket: Readonly<Record<string, unknown>> & { readonly at?: string | undefined }): PsaRecord {
    const { at, ...fields } = ticket;
    const board = this.boards[0];
    const record = this.#ticket({
      recordType: "ServiceTicket",
      severity: "Medium",
      impact: "Medium",
      board: { id: board?.id ?? 0, name: board?.name },
      ...fields,
      _info: this.info("Email Connector", at === undefined ? undefined : instantText(Date.parse(at))),
    });
    this.serviceTickets.set(record.id, record);
    return record;
  }

  addProjectTicket(fields: Readonly<Record<string, unknown>>): PsaRecord {
    const record = this.#ticket({ isIssueFlag: false, ...fields, _info: this.info("API Member") });
    this.projectTickets.set(record.id, record);
    return record;
  }

  addNote(ticketId: number, note: NewNote): PsaRecord {
    const { text, by, fromContact, internalAnalysisFlag = false, resolutionFlag = false } = note;
    // A note without any flag lands in the discussion, where the customer sees it.
    const detailDescriptionFlag = note.detailDescriptionFlag === true || !(internalAnalysisFlag || resolutionFlag);
    const record: PsaRecord = {
      id: this.nextId(),
      ticketId,
      text,
      detailDescriptionFlag,
      internalAnalysisFlag,
      resolutionFlag,
      issueFlag: false,
      ...(fromContact ? { contact: { id: 0, name: by } } : { member: { id: 154, identifier: "API", name: by } }),
      dateCreated: this.nowText(),
      createdBy: by,
      internalFlag: !detailDescriptionFlag,
      externalFlag: detailDescriptionFlag,
      _info: this.info(by),
    };
    this.notes.set(record.id, record);
    return record;
  }

  companyReference(identifier: string): Record<string, unknown> | undefined {
    const company = this.companies.find((one) => one.identifier === identifier);
    return company && { id: company.id, identifier, name: company.name };
  }

  /** A status of one board, given by id or name; names repeat from board to board. */
  statusOf(boardId: number, wanted: unknown): (Reference & { readonly closed: boolean }) | undefined {
    if (!isObject(wanted)) return undefined;
    const status = (this.boardStatuses.get(boardId) ?? []).find((one) => matchesReference(one, wanted));
    return status && { id: status.id, name: String(status.name), closed: status.closedStatus === true };
  }

  defaultStatusOf(boardId: number): Reference | undefined {
    const status = (this.boardStatuses.get(boardId) ?? []).find((one) => one.defaultFlag === true);
    return status && { id: status.id, name: String(status.name) };
  }

  #ticket(fields: Readonly<Record<string, unknown>>): PsaRecord {
    const board = fields.board;
    const boardId = isObject(board) ? Number(board.id) : 0;
    return {
      id: this.nextId(),
      status: this.defaultStatusOf(boardId),
      closedFlag: false,
      ...fields,
    };
  }
}
