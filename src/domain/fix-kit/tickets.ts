import type { CalendarDate } from "../model/time.ts";
import type { RolloutState } from "../rollout/state.ts";
import type { RolloutView } from "../rollout/step-status.ts";
import type { Cause, Fault } from "./cause.ts";
import { dueDay, dueFrom, fixCauses, ownerOf } from "./fix-kit.ts";

/** What tickets and phases are called at the service desk; the board and the project have to know these names. */
export const DESK_STATUS = { open: "Open", underWay: "In Progress", done: "Closed" } as const;

/** The ticket of one fix, as we know to have written it. */
export interface FixTicket {
  readonly fix: string;
  /** `null`: a person vouched that it was made, and its number is not known. */
  readonly ticketId: string | null;
  readonly open: boolean;
  readonly due: CalendarDate;
  /** How often it was changed since it was made. */
  readonly changes: number;
}

/** A ticket to open. */
export interface NewFixTicket {
  readonly fix: string;
  readonly phase: string;
  readonly summary: string;
  readonly text: string;
  readonly due: CalendarDate;
}

/** A change of a ticket there is, with the note that says why. */
export interface FixTicketChange {
  readonly fix: string;
  readonly round: number;
  readonly status: string;
  readonly due: CalendarDate;
  readonly note: string;
}

/** Longest summary that a service desk takes, and how many accounts a ticket lists. */
const LONGEST_SUMMARY = 100;
const ACCOUNTS_LISTED = 40;

/** The tickets there are, by fix. */
export function fixTickets({ effects }: Pick<RolloutState, "effects">): ReadonlyMap<string, FixTicket> {
  const tickets = new Map<string, FixTicket>();
  for (const { subject, status, outcome } of effects.values()) {
    if (status !== "done") continue;
    if (subject.kind === "psa_fix") {
      const ticketId = typeof outcome.ticketId === "string" ? outcome.ticketId : null;
      tickets.set(subject.fix, { fix: subject.fix, ticketId, open: true, due: subject.due, changes: 0 });
    } else if (subject.kind === "psa_fix_change") {
      const before = tickets.get(subject.fix);
      if (before === undefined) continue;
      const open = subject.status !== DESK_STATUS.done;
      tickets.set(subject.fix, { ...before, open, due: subject.due, changes: before.changes + 1 });
    }
  }
  return tickets;
}

/** As tools tell it: `ticket 1234, due 2026-10-12, open`. */
export const ticketInWords = ({ ticketId, due, open }: FixTicket): string =>
  `ticket ${ticketId ?? "of unknown number"}, due ${due}, ${open ? "open" : "closed"}`;

/** The same of every ticket there is, by fix. */
export const ticketsInWords = (state: Pick<RolloutState, "effects">): ReadonlyMap<string, string> =>
  new Map([...fixTickets(state)].map(([fix, ticket]) => [fix, ticketInWords(ticket)]));

/** What the service desk lacks: tickets for what is open, and an end, a return or another date for those there are. */
export function fixTicketWork(view: RolloutView): {
  readonly opened: readonly NewFixTicket[];
  readonly changed: readonly FixTicketChange[];
} {
  const tickets = fixTickets(view.state);
  const opened: NewFixTicket[] = [];
  const changed: FixTicketChange[] = [];
  for (const cause of fixCauses(view)) {
    const ticket = tickets.get(cause.id);
    if (ticket === undefined) {
      if (cause.standing === "open") opened.push(newTicket(cause.id, cause.fault, view));
    } else if (ticket.ticketId !== null) {
      const change = changeOf(ticket, cause, view);
      if (change !== null) changed.push({ fix: cause.id, round: ticket.changes, ...change });
    }
  }
  return { opened, changed };
}

function changeOf(ticket: FixTicket, cause: Cause, view: RolloutView): Omit<FixTicketChange, "fix" | "round"> | null {
  const { open, done } = DESK_STATUS;
  if (cause.standing === "gone") return ticket.open ? { status: done, due: ticket.due, note: cause.why } : null;
  if (cause.standing === "waiting") return null;
  const day = dueDay(cause.fault.phases, view);
  if (!ticket.open) {
    return { status: open, due: dueFrom(day, view), note: `It is back. ${cause.fault.found}` };
  }
  if (day === ticket.due || day < view.today) return null;
  return { status: open, due: day, note: `Due ${day} now: the last working day before enforcement.` };
}

function newTicket(fix: string, fault: Fault, view: RolloutView): NewFixTicket {
  const { state, customer } = view;
  const [phase = state.phases[0]?.id ?? ""] = state.phases.flatMap(({ id }) => (fault.phases.includes(id) ? id : []));
  const owner = ownerOf(fault, customer);
  const { accounts, fullList } = fault;
  const rest = accounts.length - ACCOUNTS_LISTED;
  const all = fullList === null ? "" : ` The whole list: ${fullList}.`;
  const text = [
    fault.found,
    `Owner: ${owner.name}${owner.address === null ? "" : ` <${owner.address}>`} (${owner.role}).`,
    "What to do:",
    ...fault.guide.map((step, index) => `${index + 1}. ${step}`),
    ...(accounts.length === 0 ? [] : [`Concerned: ${accounts.slice(0, ACCOUNTS_LISTED).join(", ")}.`]),
    ...(rest > 0 ? [`And ${rest} more.${all}`] : []),
    `Rollout ${state.id}, fix ${fix}.`,
  ].join("\n");
  return { fix, phase, summary: cut(fault.summary), text, due: dueFrom(dueDay(fault.phases, view), view) };
}

const cut = (text: string): string =>
  text.length <= LONGEST_SUMMARY ? text : `${text.slice(0, LONGEST_SUMMARY - 1)}…`;
