import { endsWithMarker, withMarker } from "./marker.ts";
import type { PsaClient } from "./psa-client.ts";
import { idOf, Note } from "./psa-records.ts";
import { RIGHTS } from "./rights.ts";

/** Service tickets are users' own; project tickets are work of the technicians. */
type Module = "service" | "project";

interface Marked {
  readonly marker: string;
  readonly signal: AbortSignal;
}

/** Notes of tickets, known again by the marker in their last line. */
export class TicketNotes {
  readonly #client: PsaClient;

  constructor(client: PsaClient) {
    this.#client = client;
  }

  async has(module: Module, ticketId: string, { marker, signal }: Marked): Promise<boolean> {
    const permission = module === "service" ? RIGHTS.readTickets : RIGHTS.readProjectTickets;
    const ask = { schema: Note, fields: "id,text", permission, signal };
    for await (const { text } of this.#client.list(pathOf(module, ticketId), ask)) {
      if (endsWithMarker(text ?? "", marker)) return true;
    }
    return false;
  }

  /** The flags choose the tab: a user's ticket is answered in the discussion, a project's is for technicians alone. */
  async add(module: Module, ticketId: string, note: Marked & { readonly text: string }): Promise<void> {
    const { text, marker, signal } = note;
    const body = {
      text: withMarker(text, marker),
      detailDescriptionFlag: module === "service",
      internalAnalysisFlag: module === "project",
      resolutionFlag: false,
    };
    const permission = module === "service" ? RIGHTS.replyToTickets : RIGHTS.changeProjectTickets;
    await this.#client.create(pathOf(module, ticketId), body, { schema: Note, permission, signal });
  }
}

const pathOf = (module: Module, ticketId: string): string => `/${module}/tickets/${idOf(ticketId)}/notes`;
