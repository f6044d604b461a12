import { z } from "zod";

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
export const TicketStatusRecord = z.object({ board: z.object({ id: Id }), status: Named });
