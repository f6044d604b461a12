import type { EntraObjectId } from "../model/ids.ts";
import type { Account, Employee, JoinFinding, MailboxPurpose, Registration, User } from "../model/people.ts";
import type { CalendarDate } from "../model/time.ts";
import type { ListCounts } from "../rollout/events.ts";
import { isEmployed } from "./employment.ts";
import { joinFindings } from "./findings.ts";
import { managerFinder } from "./managers.ts";
import { matchAccounts } from "./match.ts";
import { type Row, rowOfAccount, rowOfEmployee } from "./row.ts";

/** What was read, complete: each employee and each account once, in any order. */
export interface PeopleRead {
  readonly employees: readonly Employee[];
  readonly accounts: readonly Account[];
  readonly registrations: readonly Registration[];
  /** Only of those accounts whose mailbox was asked. */
  readonly purposes: ReadonlyMap<EntraObjectId, MailboxPurpose>;
  /** Accounts that hold a directory-synchronization role. */
  readonly directorySync: ReadonlySet<EntraObjectId>;
  readonly today: CalendarDate;
}

/**
 * Makes the canonical list: every account once, joined to its employee where the two can be told to belong together,
 * and every employee of today without an account. Employees without an account who have left or not started are not
 * listed. Sorted by user id, so the same people give the same list whatever order they came in.
 */
export function reconcile(read: PeopleRead): {
  readonly users: User[];
  readonly findings: JoinFinding[];
  readonly counts: ListCounts;
} {
  const { employees, accounts, purposes, directorySync, today } = read;
  const matches = matchAccounts(accounts, employees);
  const registrations = new Map(read.registrations.map((registration) => [registration.objectId, registration]));
  const joined = new Set([...matches.byAccount.values()].map(({ employee }) => employee));

  const rows: Row[] = [
    ...accounts.map((account) =>
      rowOfAccount(account, matches.byAccount.get(account), {
        mailbox: purposes.get(account.objectId) ?? null,
        registration: registrations.get(account.objectId) ?? null,
        holdsDirectorySyncRole: directorySync.has(account.objectId),
      }),
    ),
    ...employees.filter((employee) => !joined.has(employee)).map(rowOfEmployee),
  ];
  const isListed = ({ account, employee }: Row): boolean =>
    account !== null || (employee !== null && isEmployed(employee, today));
  const managerOf = managerFinder(rows, isListed);
  const users = rows
    .filter(isListed)
    .map((row): User => ({ ...row, manager: managerOf(row) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return { users, findings: joinFindings(users, matches, today), counts: countsOf(users, read) };
}

function countsOf(users: readonly User[], { employees, accounts, today }: PeopleRead): ListCounts {
  const count = (is: (user: User) => boolean): number => users.reduce((sum, user) => sum + Number(is(user)), 0);
  return {
    employeesActive: employees.filter((employee) => isEmployed(employee, today)).length,
    accounts: accounts.length,
    users: users.length,
    correlated: count(({ correlation }) => correlation === "correlated"),
    orphanAccounts: count(({ correlation }) => correlation === "orphan_account"),
    missingAccounts: count(({ correlation }) => correlation === "missing_account"),
    registered: count(({ registration }) => registration?.registered === true),
    capable: count(({ registration }) => registration?.capable === true),
    // The report leaves out disabled accounts, so only an enabled one without a row is unknown.
    unknownRegistration: count(({ account, registration }) => account?.enabled === true && registration === null),
  };
}
