import { fold } from "../model/fold.ts";
import type { UserId } from "../model/ids.ts";
import type { User } from "../model/people.ts";

/** Who came, went or moved between two lists; each sorted by id. */
export interface ListChanges {
  /** Can work and sign in now, and could not before. */
  readonly joiners: readonly UserId[];
  /** Could before, and no longer can. */
  readonly leavers: readonly UserId[];
  /** Could before and can now, in another department. */
  readonly movers: readonly UserId[];
}

/** Compares two lists of the same customer. Against an empty `before` everybody is a joiner. */
export function changes(before: Iterable<User>, after: Iterable<User>): ListChanges {
  const was = present(before);
  const is = present(after);
  const ids = (from: ReadonlyMap<UserId, string>, wanted: (id: UserId, department: string) => boolean): UserId[] =>
    [...from].flatMap(([id, department]) => (wanted(id, department) ? [id] : [])).sort();
  return {
    joiners: ids(is, (id) => !was.has(id)),
    leavers: ids(was, (id) => !is.has(id)),
    movers: ids(is, (id, department) => was.has(id) && was.get(id) !== department),
  };
}

/** Departments of the users with an enabled member account who have not left, by id. */
function present(users: Iterable<User>): ReadonlyMap<UserId, string> {
  const departments = new Map<UserId, string>();
  for (const { id, account, employee, department } of users) {
    const canSignIn = account?.enabled === true && account.kind === "member";
    const works = employee === null || employee.status === "active";
    if (canSignIn && works) departments.set(id, fold(department ?? ""));
  }
  return departments;
}
