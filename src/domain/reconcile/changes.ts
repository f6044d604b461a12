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
  /** Departments that go by another name now; their people have not moved. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
}

/** Fewer who change together are as likely movers. */
const FEWEST_RENAMED = 2;

/** Compares two lists of the same customer. Against an empty `before` everybody is a joiner. */
export function changes(before: Iterable<User>, after: Iterable<User>): ListChanges {
  const was = present(before);
  const is = present(after);
  const renamed = renames(was, is);
  const nameNow = new Map(renamed.map(({ from, to }) => [fold(from), fold(to)]));
  const hasMoved = (id: UserId, now: string): boolean => {
    const then = fold(was.get(id) ?? "");
    return (nameNow.get(then) ?? then) !== fold(now);
  };
  const ids = (from: Present, wanted: (id: UserId, department: string) => boolean): UserId[] =>
    [...from].flatMap(([id, department]) => (wanted(id, department) ? [id] : [])).sort();
  return {
    joiners: ids(is, (id) => !was.has(id)),
    leavers: ids(was, (id) => !is.has(id)),
    movers: ids(is, (id, department) => was.has(id) && hasMoved(id, department)),
    renamed,
  };
}

/** Departments of the users with an enabled member account who have not left, as they are written, by id. */
type Present = ReadonlyMap<UserId, string>;

function present(users: Iterable<User>): Present {
  const departments = new Map<UserId, string>();
  for (const { id, account, employee, department } of users) {
    const canSignIn = account?.enabled === true && account.kind === "member";
    const works = employee === null || employee.status === "active";
    if (canSignIn && works) departments.set(id, department ?? "");
  }
  return departments;
}

/**
 * A department has another name when nobody is in it any more, all who stayed are together in one where nobody was
 * before, and they are more than one. Of two that became one, neither is renamed unless the other's people have gone.
 */
function renames(was: Present, is: Present): ListChanges["renamed"] {
  const before = new Map([...was.values()].map((name) => [fold(name), name]));
  const still = new Set([...is.values()].map(fold));
  const found = [...before].flatMap(([key, from]) => {
    if (key === "" || still.has(key)) return [];
    const stayed = [...was].flatMap(([id, name]) => (fold(name) === key ? (is.get(id) ?? []) : []));
    const [to = ""] = stayed;
    const isNew = fold(to) !== "" && !before.has(fold(to));
    const together = stayed.every((name) => fold(name) === fold(to));
    return stayed.length >= FEWEST_RENAMED && together && isNew ? [{ from, to }] : [];
  });
  const takers = found.map(({ to }) => fold(to));
  return found.filter(({ to }) => takers.filter((taker) => taker === fold(to)).length === 1);
}
