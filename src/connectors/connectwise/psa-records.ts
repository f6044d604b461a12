import { z } from "zod";
import { InputError } from "../../errors.ts";

/** The fields we read and no more. */
const Id = z.int().positive();
const Named = z.object({ id: Id, name: z.string() });

export const IdRecord = z.object({ id: Id });
export const BoardStatus = Named.extend({ closedStatus: z.boolean() });

export const ServiceTicket = z.object({
  id: Id,
  summary: z.string(),
  status: Named,
  contactName: z.string().nullish(),
  contactEmailAddress: z.string().nullish(),
  closedFlag: z.boolean(),
  _info: z.object({ dateEntered: z.iso.datetime({ offset: true }) }),
});
export const Note = z.object({ id: Id, text: z.string().nullish() });

export const ProjectRecord = z.object({ id: Id, name: z.string(), description: z.string().nullish() });
export const PhaseRecord = z.object({ id: Id, description: z.string(), status: Named });
export const ProjectTicketRecord = z.object({
  id: Id,
  summary: z.string(),
  status: Named,
  wbsCode: z.string().nullish(),
});
export const TicketStateRecord = z.object({
  board: z.object({ id: Id }),
  status: Named,
  requiredDate: z.iso.datetime({ offset: true }).nullish(),
});

/** Longest name of a project, description of a phase and summary of a ticket. */
export const MAX_TITLE = 100;

/** ConnectWise compares names without case. */
export const sameName = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

/** @throws {InputError} it is no id of a record. */
export function idOf(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InputError("That is no id of ConnectWise PSA: its ids are whole numbers.", {
    nextStep: "Use an id that list_tickets or sync_psa_project returned.",
  });
}
