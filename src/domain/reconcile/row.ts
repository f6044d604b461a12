import { type SmtpAddress, userIdOfAccount, userIdOfEmployee } from "../model/ids.ts";
import type { Account, Employee, MatchedBy, User } from "../model/people.ts";

/** A user before the manager is known, which takes everybody else's row. */
export type Row = Omit<User, "manager">;

/** Everything beside the two records that a row shows. */
type Seen = Pick<User, "mailbox" | "registration" | "holdsDirectorySyncRole">;

const filled = (text: string | null | undefined): string | null => text?.trim() || null;

/** An account's row. Names and department come from HR where an employee matches, the address from Entra first. */
export function rowOfAccount(
  account: Account,
  match: { employee: Employee; by: MatchedBy } | undefined,
  seen: Seen,
): Row {
  const employee = match?.employee ?? null;
  return {
    id: userIdOfAccount(account.objectId),
    correlation: employee === null ? "orphan_account" : "correlated",
    matchedBy: match?.by ?? null,
    displayName: filled(employee?.displayName) ?? account.displayName,
    givenName: filled(employee?.givenName) ?? filled(account.givenName),
    department: filled(employee?.department) ?? filled(account.department),
    address: account.mail ?? employee?.workEmail ?? null,
    employee,
    account,
    ...seen,
  };
}

/** The row of an employee for whom no account was found. */
export function rowOfEmployee(employee: Employee): Row {
  return {
    id: userIdOfEmployee(employee.id),
    correlation: "missing_account",
    matchedBy: null,
    displayName: employee.displayName,
    givenName: filled(employee.givenName),
    department: filled(employee.department),
    address: employee.workEmail,
    employee,
    account: null,
    mailbox: null,
    registration: null,
    holdsDirectorySyncRole: false,
  };
}

/** Every address or sign-in name by which this row may be called. */
export function addressesOf({ employee, account }: Row): ReadonlySet<SmtpAddress> {
  const own = [employee?.workEmail, account?.mail, ...(account?.proxyAddresses ?? [])];
  return new Set(own.filter((address) => address != null));
}
