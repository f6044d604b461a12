import type { Customer } from "../model/customer.ts";
import type { EntraObjectId, UserId } from "../model/ids.ts";
import type { User } from "../model/people.ts";
import type { CalendarDate } from "../model/time.ts";
import { isEmployed } from "../reconcile/employment.ts";

/** To whom the technician gives a pass. */
export const RECIPIENTS = ["person", "manager"] as const;
export type Recipient = (typeof RECIPIENTS)[number];

/** What is asked and what the tenant says about it. */
export interface PassQuestion {
  readonly user: User;
  readonly recipient: Recipient;
  readonly minutes: number;
  readonly users: readonly User[];
  readonly customer: Customer;
  /** Emergency access accounts as classified. */
  readonly emergency: readonly EntraObjectId[];
  /** Whether the account holds a role of the directory, as a look shows. */
  readonly holdsRole: boolean;
  readonly policy: { readonly enabled: boolean; readonly minimumMinutes: number; readonly maximumMinutes: number };
  /** Whether the tenant's policy lets this account sign in with a pass. */
  readonly covered: boolean;
  readonly today: CalendarDate;
}

/** What a pass is made from. */
export interface PassPlan {
  readonly userId: UserId;
  readonly objectId: EntraObjectId;
  readonly upn: string;
  readonly displayName: string;
  readonly minutes: number;
  readonly recipient: { readonly kind: Recipient; readonly name: string; readonly address: string };
  /** Holds a role of the directory, or is not known not to: a senior approver signs. */
  readonly privileged: boolean;
}

interface Refusal {
  readonly refused: string;
  readonly nextStep: string;
}

/** The plan of a pass, or why this user gets none. */
export function judgePass(question: PassQuestion): PassPlan | Refusal {
  const { user, recipient, minutes, users, holdsRole, today } = question;
  const refusal = whyNot(question);
  if (refusal !== null) return refusal;
  const { account } = user;
  if (account === null) return no("This user has no account.", "Have one made first.");
  const told = recipient === "person" ? user : verifiedManager(user, users, today);
  if (told === null) {
    return no(
      "This user has no manager who could be verified: on the list, employed, with an enabled account of their own that can use MFA.",
      "Let the helpdesk give it to the person, once they proved who they are: hand_over person.",
    );
  }
  return {
    userId: user.id,
    objectId: account.objectId,
    upn: account.upn,
    displayName: user.displayName,
    minutes,
    recipient: { kind: recipient, name: told.displayName, address: told.address ?? "" },
    privileged: holdsRole || user.registration?.isAdmin !== false,
  };
}

function whyNot({ user, minutes, emergency, policy, covered, today }: PassQuestion): Refusal | null {
  const { account, employee, mailbox, registration } = user;
  if (account === null) return no("This user has no account.", "Have one made first.");
  if (emergency.includes(account.objectId)) {
    return no(
      "An emergency access account is never given a pass from here.",
      "Register a security key for it by hand; two people should be there.",
    );
  }
  if (account.kind === "guest") {
    return no(
      "A guest registers in their own tenant; Entra gives outsiders no pass.",
      "Write to the guest's own helpdesk.",
    );
  }
  if (!account.enabled || (employee !== null && !isEmployed(employee, today))) {
    return no("The account is disabled, or its owner does not work there.", "Settle that with the customer first.");
  }
  if (mailbox === "shared" || mailbox === "room" || mailbox === "equipment") {
    return no("Nobody signs in with a shared mailbox or a room.", "Carve it out with classify_exceptions instead.");
  }
  if (registration?.capable === true) {
    return no(
      "This user has a method that they can use.",
      "They sign in with it. If it was lost, have an administrator delete it, then call reconcile_users.",
    );
  }
  if (!policy.enabled || !covered) {
    return no(
      "The tenant's authentication methods policy does not let this user sign in with a Temporary Access Pass.",
      "Ask an administrator of the customer to allow it there, for everybody or for a group with this user.",
    );
  }
  if (minutes < policy.minimumMinutes || minutes > policy.maximumMinutes) {
    return no(
      `The tenant allows passes of ${policy.minimumMinutes} to ${policy.maximumMinutes} minutes.`,
      "Choose minutes within that.",
    );
  }
  return null;
}

/** Somebody else, known to HR and to the directory at once, who has proved with MFA of their own who they are. */
function verifiedManager({ id, manager }: User, users: readonly User[], today: CalendarDate): User | null {
  if (manager === null || manager.state !== "ok" || manager.userId === null || manager.userId === id) return null;
  const found = users.find((user) => user.id === manager.userId);
  if (found === undefined || found.correlation !== "correlated" || found.employee === null) return null;
  const isActive = isEmployed(found.employee, today) && found.account?.enabled === true;
  return isActive && found.account?.kind === "member" && found.registration?.capable === true ? found : null;
}

const no = (refused: string, nextStep: string): Refusal => ({ refused, nextStep });
