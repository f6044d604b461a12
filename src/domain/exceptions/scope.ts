import type { Exception } from "../model/exception.ts";
import { CLOSING_PHASE, type EntraObjectId, type PhaseId, phaseId, type UserId } from "../model/ids.ts";
import type { User } from "../model/people.ts";
import type { Phase, Told } from "../model/phase.ts";
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
  /** Users in scope who were told no date yet, or one that is still to come: enforcement waits for them. */
  readonly late: ReadonlySet<UserId>;
  /** Those of them who were told a later date than the others of their phase. */
  readonly later: ReadonlySet<UserId>;
  /** Users in scope whose exception has ended and who are late: once the closing policy is enforced it leaves them out. */
  readonly returning: ReadonlySet<UserId>;
  /** Users of the list whose exception has ended and still stands in the register. */
  readonly lapsed: readonly UserId[];
  /** Phases whose policy is enforced. */
  readonly enforced: ReadonlySet<PhaseId>;
}

/** What places a user: who is told what, and which exceptions and phases there are. */
export interface Placing {
  readonly register: readonly Exception[];
  readonly phases: readonly Phase[];
  /** What every user was told whose announcement went out. */
  readonly told: ReadonlyMap<UserId, Told>;
  /** By what a department is called now: the phase that it had under its old name. */
  readonly renamed: ReadonlyMap<PhaseId, PhaseId>;
  /** Users whose exception ended with an earlier classification. */
  readonly ended: ReadonlySet<UserId>;
  readonly enforced: ReadonlySet<PhaseId>;
  readonly today: CalendarDate;
}

/** Whether enforcement concerns this user today: an enabled member account, not excepted, of somebody not departed. */
export const isInScope = (user: User, excepted: ReadonlySet<UserId>, today: CalendarDate): boolean =>
  !excepted.has(user.id) && whyOutOfScope(user, today) === null;

/**
 * Sorts the list into phases. A user who was told a date keeps it: the announced phase wins over the department, so
 * that a move within the company neither mails anyone twice nor drops anyone. Who has no phase of their own is enforced
 * with the closing policy.
 */
export function rosterOf(rollout: Placing & { readonly users: Iterable<User> }): Roster {
  const { users, register, phases, told, ended, enforced, today } = rollout;
  const inForce = exceptionsInForce(register, today);
  const exceptedUntil = new Map([...inForce].map(([id, { expires }]) => [id, expires]));
  const byPhase = new Map<PhaseId, User[]>(phases.map(({ id }) => [id, []]));
  const closing = byPhase.get(CLOSING_PHASE) ?? [];
  byPhase.set(CLOSING_PHASE, closing);
  const ownPhase = phaseFinder(rollout);
  const over = new Set(register.filter(({ userId }) => !inForce.has(userId)).map(({ userId }) => userId));
  const excepted = new Set<UserId>();
  const exceptedObjectIds = new Set<EntraObjectId>();
  const outOfScope: { user: User; why: string }[] = [];
  const late = new Set<UserId>();
  const later = new Set<UserId>();
  const returning = new Set<UserId>();
  const lapsed: UserId[] = [];

  for (const user of users) {
    const { id, account } = user;
    const why = whyOutOfScope(user, today);
    if (account !== null && over.has(id)) lapsed.push(id);
    if (account !== null && inForce.has(id)) {
      excepted.add(id);
      exceptedObjectIds.add(account.objectId);
    } else if (why !== null) {
      outOfScope.push({ user, why });
    } else {
      const date = told.get(id);
      const isLate = date === undefined || date.date > today;
      if (isLate) late.add(id);
      if (isLate && date?.isLater) later.add(id);
      if (isLate && (over.has(id) || ended.has(id))) returning.add(id);
      (byPhase.get(ownPhase(user)) ?? closing).push(user);
    }
  }
  return { byPhase, excepted, exceptedObjectIds, exceptedUntil, outOfScope, late, later, returning, lapsed, enforced };
}

/** Users with an exception that holds on that day, its last one included. */
export const exceptionsInForce = (
  register: readonly Exception[],
  today: CalendarDate,
): ReadonlyMap<UserId, Exception> =>
  new Map(
    register.flatMap((exception) => (exception.expires >= today ? [[exception.userId, exception] as const] : [])),
  );

/** The phase of any user, in scope or not: what they were told, else their department's, else the closing one. */
export function phaseFinder({
  phases,
  told,
  renamed,
}: Pick<Placing, "phases" | "told" | "renamed">): (user: Pick<User, "id" | "department">) => PhaseId {
  const known = new Set(phases.map(({ id }) => id));
  // A tenant has few departments and many people.
  const byDepartment = new Map<string | null, PhaseId>([[null, CLOSING_PHASE]]);
  const phaseOfDepartment = (department: string): PhaseId => {
    const named = phaseId(department);
    const phase = [named, renamed.get(named)].find((id) => id !== undefined && known.has(id)) ?? CLOSING_PHASE;
    byDepartment.set(department, phase);
    return phase;
  };
  return ({ id, department }) => {
    const announced = told.get(id)?.phase;
    if (announced !== undefined && known.has(announced)) return announced;
    return byDepartment.get(department) ?? phaseOfDepartment(department ?? "");
  };
}

/** Why enforcement does not concern a user, whether or not they have an exception; `null`: it does. */
export function whyOutOfScope({ account, employee }: User, today: CalendarDate): string | null {
  if (account === null) return "no account";
  if (account.kind === "guest") return "guest";
  if (!account.enabled) return "account is disabled";
  if (employee === null || isEmployed(employee, today)) return null;
  return employee.status === "terminated" ? "departed" : "not started yet";
}
