import { type UserId, userIdOfEmployee } from "../model/ids.ts";
import {
  type Employee,
  JOIN_FINDING_KINDS,
  type JoinFinding,
  type JoinFindingKind,
  type User,
} from "../model/people.ts";
import type { CalendarDate } from "../model/time.ts";
import { isEmployed } from "./employment.ts";
import { foldName } from "./fold-name.ts";
import type { Matches } from "./match.ts";

/**
 * Everything that the join could not settle or that a person should look at, worst kind first, then by user id. The
 * sentences are ours and hold no name, so that they may be shown anywhere; `userIds` say who is meant. A departed
 * employee without an account may be named although the list no longer shows them.
 */
export function joinFindings(users: readonly User[], matches: Matches, today: CalendarDate): JoinFinding[] {
  const idOf = userIdsByRecord(users);
  const findings = [
    ...users.flatMap((user) => ownFindings(user, today)),
    ...contestedFindings(matches, idOf),
    ...sharedAddressFindings(matches, idOf),
    ...ambiguousFindings(matches, idOf),
    ...nameFindings(users),
  ];
  const rank = new Map(JOIN_FINDING_KINDS.map((kind, index) => [kind, index]));
  const key = ({ kind, userIds }: JoinFinding): string =>
    `${String(rank.get(kind)).padStart(2, "0")} ${userIds.join(" ")}`;
  return findings
    .map((finding) => ({ finding, key: key(finding) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ finding }) => finding);
}

type IdOf = (record: object) => UserId | undefined;

function userIdsByRecord(users: readonly User[]): IdOf {
  const ids = new Map<object, UserId>();
  for (const { id, employee, account } of users) {
    if (employee !== null) ids.set(employee, id);
    if (account !== null) ids.set(account, id);
  }
  return (record) => ids.get(record);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const finding = (kind: JoinFindingKind, userIds: Iterable<UserId>, explanation: string): JoinFinding => ({
  kind,
  userIds: [...new Set(userIds)].sort(),
  explanation,
});

/** What one user shows alone. Managers, addresses and departments matter only for those who will get mail. */
function ownFindings(user: User, today: CalendarDate): JoinFinding[] {
  const { account, employee } = user;
  const about = (kind: JoinFindingKind, explanation: string): JoinFinding => finding(kind, [user.id], explanation);
  if (account === null) return [about("missing_account", "HR lists an employee; Entra has no account for them.")];
  if (employee === null) {
    const counts = account.kind === "member" && account.enabled;
    return counts ? [about("orphan_account", "An enabled account has no employee in HR.")] : [];
  }
  if (employee.status === "terminated") {
    return account.enabled ? [about("departed_but_enabled", "HR says departed; the account can still sign in.")] : [];
  }
  if (!isEmployed(employee, today)) return [];
  if (!account.enabled) return [about("disabled_but_employed", "HR says employed; the account is disabled.")];
  return [
    ...(user.manager?.state === "ok" ? [] : [about("manager_fallback", managerExplanation(user.manager?.state))]),
    ...(user.address === null ? [about("no_address", "Neither Entra nor HR has an address for mail.")] : []),
    ...(user.department === null ? [about("no_department", "Neither HR nor Entra names a department.")] : []),
  ];
}

function managerExplanation(state: "departed" | "self" | "unreachable" | undefined): string {
  const why = {
    departed: "The manager on record has left",
    self: "The manager on record is the user",
    unreachable: "The manager on record cannot be reached by mail",
    none: "No manager is on record",
  }[state ?? "none"];
  return `${why}; mails copy the escalation contact instead.`;
}

const contestedFindings = ({ contested }: Matches, idOf: IdOf): JoinFinding[] =>
  [...contested].map(([employee, accounts]) =>
    finding(
      "two_accounts_one_employee",
      [idOf(employee) ?? userIdOfEmployee(employee.id), ...accounts.flatMap((account) => idOf(account) ?? [])],
      "More than one account points at one employee; none was joined on equal evidence. Correct the employee id in Entra.",
    ),
  );

/** An address of two employees matters while one of them, or an account with that address, is still alone. */
function sharedAddressFindings({ sharedAddresses, ambiguous }: Matches, idOf: IdOf): JoinFinding[] {
  const waiting = new Map<Employee, UserId[]>();
  for (const [account, employees] of ambiguous) {
    const id = idOf(account);
    for (const employee of employees) if (id) waiting.set(employee, [...(waiting.get(employee) ?? []), id]);
  }
  return [...sharedAddresses.values()].flatMap((sharers) => {
    const accounts = sharers.flatMap((employee) => waiting.get(employee) ?? []);
    const listedAlone = sharers.some((employee) => idOf(employee) === userIdOfEmployee(employee.id));
    if (accounts.length === 0 && !listedAlone) return [];
    const people = sharers.map((employee) => idOf(employee) ?? userIdOfEmployee(employee.id));
    const explanation = "HR gives one address to more than one employee; none was joined by it. Correct it in HR.";
    return [finding("two_employees_one_address", [...people, ...accounts], explanation)];
  });
}

function ambiguousFindings({ ambiguous, sharedAddresses }: Matches, idOf: IdOf): JoinFinding[] {
  const explained = new Set([...sharedAddresses.values()].flat());
  return [...ambiguous].flatMap(([account, employees]) => {
    if (employees.every((employee) => explained.has(employee))) return [];
    const people = employees.map((employee) => idOf(employee) ?? userIdOfEmployee(employee.id));
    const explanation = "An account's id or addresses point at more than one employee; it was joined to none of them.";
    return [
      finding("one_account_two_employees", [...people, ...[idOf(account)].flatMap((id) => id ?? [])], explanation),
    ];
  });
}

/** A name is never a match: it only tells a person where to look. */
function nameFindings(users: readonly User[]): JoinFinding[] {
  const alone = new Map<string, { missing: UserId[]; orphans: UserId[] }>();
  for (const { id, displayName, correlation, account } of users) {
    if (correlation === "correlated" || account?.kind === "guest") continue;
    const name = foldName(displayName);
    const sameName = alone.get(name) ?? { missing: [], orphans: [] };
    (correlation === "missing_account" ? sameName.missing : sameName.orphans).push(id);
    if (name !== "") alone.set(name, sameName);
  }
  return [...alone.values()].flatMap(({ missing, orphans }) =>
    missing.length > 0 && orphans.length > 0
      ? [
          finding(
            "possible_match_by_name",
            [...missing, ...orphans],
            "An employee without account and an account without employee have the same name. Confirm, then set the employee id in Entra.",
          ),
        ]
      : [],
  );
}
