import type { Exception } from "../model/exception.ts";
import { CLOSING_PHASE, type EntraObjectId, type PhaseId, phaseId, type UserId } from "../model/ids.ts";
import type { User } from "../model/people.ts";
import type { Phase } from "../model/phase.ts";
import type { CalendarDate } from "../model/time.ts";
import { isEmployed } from "../reconcile/employment.ts";

/** Where every user of the list stands: in one phase, excepted, or out of scope for a stated reason. */
export interface Roster {
  /** Every phase has an entry, in the order given; users keep the order of the list. */
  readonly byPhase: ReadonlyMap<PhaseId, readonly User[]>;
  /** Users of the list with an exception in force. */
  readonly excepted: ReadonlySet<UserId>;
  readonly exceptedObjectIds: ReadonlySet<EntraObjectId>;
  /** Last day of each of these exceptions. */
  readonly exceptedUntil: ReadonlyMap<UserId, CalendarDate>;
  readonly outOfScope: readonly { readonly user: User; readonly why: string }[];
}

/** Whether enforcement concerns this user today: an enabled member account, not excepted, of somebody not departed. */
export const isInScope = (user: User, excepted: ReadonlySet<UserId>, today: CalendarDate): boolean =>
  !excepted.has(user.id) && whyOutOfScope(user, today) === null;

/**
 * Sorts the list into phases. A user who was told a date keeps it: the announced phase wins over the department, so
 * that a move within the company neither mails anyone twice nor drops anyone. Who has no phase of their own is enforced
 * with the closing policy.
 *
 * @param rollout.announced - Phase of every user whose announcement went out.
 */
export function rosterOf(rollout: {
  readonly users: Iterable<User>;
  readonly register: readonly Exception[];
  readonly phases: readonly Phase[];
  readonly announced: ReadonlyMap<UserId, PhaseId>;
  readonly today: CalendarDate;
}): Roster {
  const { users, register, phases, announced, today } = rollout;
  const inForce = new Map(
    register.flatMap(({ userId, expires }) => (expires >= today ? [[userId, expires] as const] : [])),
  );
  const byPhase = new Map<PhaseId, User[]>(phases.map(({ id }) => [id, []]));
  const closing = byPhase.get(CLOSING_PHASE) ?? [];
  byPhase.set(CLOSING_PHASE, closing);
  const excepted = new Set<UserId>();
  const exceptedObjectIds = new Set<EntraObjectId>();
  const outOfScope: { user: User; why: string }[] = [];

  for (const user of users) {
    const why = whyOutOfScope(user, today);
    if (user.account !== null && inForce.has(user.id)) {
      excepted.add(user.id);
      exceptedObjectIds.add(user.account.objectId);
    } else if (why !== null) {
      outOfScope.push({ user, why });
    } else {
      const told = announced.get(user.id);
      const own = user.department === null ? undefined : byPhase.get(phaseId(user.department));
      ((told && byPhase.get(told)) ?? own ?? closing).push(user);
    }
  }
  return { byPhase, excepted, exceptedObjectIds, exceptedUntil: inForce, outOfScope };
}

function whyOutOfScope({ account, employee }: User, today: CalendarDate): string | null {
  if (account === null) return "no account";
  if (account.kind === "guest") return "guest";
  if (!account.enabled) return "account is disabled";
  if (employee === null || isEmployed(employee, today)) return null;
  return employee.status === "terminated" ? "departed" : "not started yet";
}
