import type { Customer } from "../model/customer.ts";
import type { MailKind } from "../model/effect.ts";
import type { SmtpAddress, UserId } from "../model/ids.ts";
import type { Manager, User } from "../model/people.ts";
import type { CalendarDate } from "../model/time.ts";
import type { SentMail } from "../rollout/state.ts";
import { personalValues, type TextValues } from "./text-values.ts";

/** `none`: nobody is on record. Everything but `ok` means that the escalation contact is copied instead. */
export type ManagerState = Manager["state"] | "none";

/** One mail of a plan; plain data, so that it can be signed. */
export interface PlannedMail {
  /** `<rollout>/<kind>/<user>`: the same mail keeps its key, whenever and in whatever phase it is planned. */
  readonly key: string;
  readonly userId: UserId;
  readonly to: SmtpAddress;
  readonly toName: string;
  /** Empty only when the one to copy is the recipient. */
  readonly cc: readonly SmtpAddress[];
  readonly managerState: ManagerState;
  /** The enforcement date that it names. */
  readonly date: CalendarDate;
  readonly values: TextValues;
}

export interface MailPlan {
  /** Sorted by key. */
  readonly mails: readonly PlannedMail[];
  /** Users who should get this mail and have no address. They are not mailed, and not forgotten. */
  readonly unreachable: readonly User[];
  /** Whose mail copies the escalation contact, and why. */
  readonly fallbacks: readonly { readonly userId: UserId; readonly state: ManagerState }[];
}

export interface MailRound {
  readonly kind: MailKind;
  readonly rolloutId: string;
  /** Members of a phase; for `chase` the holdouts of all. */
  readonly users: readonly User[];
  /** Mails of this kind that went out, in whatever phase. */
  readonly sent: ReadonlyMap<UserId, SentMail>;
  readonly customer: Customer;
  /** From when MFA is required of each of them. */
  readonly dateOf: (user: UserId) => CalendarDate;
  readonly deadline: CalendarDate;
}

/**
 * Says who gets one kind of mail now, and with whom on copy. Who has had it gets it never again, in another phase
 * neither. Reminders and chases leave out who is capable by now; a registration we do not know counts as not capable.
 */
export function planMails(round: MailRound): MailPlan {
  const due = round.users.filter((user) => isDue(user, round));
  const mails = due
    .flatMap((user) => (user.address === null ? [] : [mailTo(user, user.address, round)]))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    mails,
    unreachable: due.filter(({ address }) => address === null),
    fallbacks: mails.flatMap(({ userId, managerState: state }) => (state === "ok" ? [] : [{ userId, state }])),
  };
}

function isDue(user: User, { kind, sent }: MailRound): boolean {
  if (sent.has(user.id)) return false;
  const onlyLate = kind === "reminder" || kind === "chase";
  return !onlyLate || user.registration?.capable !== true;
}

function mailTo(user: User, to: SmtpAddress, round: MailRound): PlannedMail {
  const { kind, rolloutId, customer, deadline, dateOf } = round;
  const enforcementDate = dateOf(user.id);
  const copy = copyFor(user, to, customer);
  return {
    key: `${rolloutId}/${kind}/${user.id}`,
    userId: user.id,
    to,
    toName: user.displayName,
    cc: copy.address === to ? [] : [copy.address],
    managerState: copy.state,
    date: enforcementDate,
    values: personalValues(user, { customer, deadline, enforcementDate, copied: copy.name }),
  };
}

function copyFor({ manager }: User, to: SmtpAddress, { escalation }: Customer) {
  const fallBack = (state: ManagerState) => ({ ...escalation, state });
  if (manager === null) return fallBack("none");
  const { state, address, displayName: name } = manager;
  if (state !== "ok") return fallBack(state);
  if (address === null) return fallBack("unreachable");
  // A manager at the user's own address is the user, whatever the records say.
  return address === to ? fallBack("self") : { address, name, state };
}
