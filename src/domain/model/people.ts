import type { EmployeeId, EntraObjectId, SmtpAddress, UserId, UserPrincipalName } from "./ids.ts";
import type { CalendarDate, Instant } from "./time.ts";

/** A record in the HR system. `null` says that HR has no value; what HR did not tell us is an error at the edge. */
export interface Employee {
  readonly id: EmployeeId;
  /** The number printed on the badge, where HR keeps one beside its id; Entra's `employeeId` may hold either. */
  readonly employeeNumber: string | null;
  /** What Entra's `employeeId` holds of this person, where HR says so; absent: it may hold either id. */
  readonly entraEmployeeId?: string | null;
  readonly displayName: string;
  readonly givenName: string | null;
  readonly workEmail: SmtpAddress | null;
  readonly department: string | null;
  readonly jobTitle: string | null;
  /** `future`: hired, not started. HR systems often show these as inactive. */
  readonly status: "active" | "terminated" | "future";
  readonly hireDate: CalendarDate | null;
  readonly terminationDate: CalendarDate | null;
  readonly managerId: EmployeeId | null;
  readonly managerEmail: SmtpAddress | null;
  readonly leave: Leave | null;
}

/** An absence in force or to come. `until` is `null` when HR knows no end. */
export interface Leave {
  /** Where it was read: an employment status row, or approved time off. */
  readonly source: "employment_status" | "time_off";
  readonly label: string;
  readonly from: CalendarDate | null;
  readonly until: CalendarDate | null;
}

/** A user object in Entra ID. */
export interface Account {
  readonly objectId: EntraObjectId;
  readonly upn: UserPrincipalName;
  readonly displayName: string;
  readonly givenName: string | null;
  readonly mail: SmtpAddress | null;
  /** Every address of the mailbox, the primary one included; empty when it has none. */
  readonly proxyAddresses: readonly SmtpAddress[];
  readonly employeeId: string | null;
  readonly department: string | null;
  readonly jobTitle: string | null;
  readonly enabled: boolean;
  readonly kind: "member" | "guest";
  readonly onPremisesSynced: boolean;
  readonly licensed: boolean;
  readonly managerId: EntraObjectId | null;
  readonly createdAt: Instant | null;
}

/**
 * One row of Entra's registration report. Registered = has a strong method; capable = has one that policy allows.
 * Disabled accounts have no row, and a row may be hours old, so a missing row is "unknown", never "not registered".
 */
export interface Registration {
  readonly objectId: EntraObjectId;
  readonly registered: boolean;
  readonly capable: boolean;
  readonly methods: readonly string[];
  readonly isAdmin: boolean;
  readonly reportedAt: Instant;
}

/** What a mailbox is for; `none` = the account has no mailbox we can read (an answer, not an error). */
export type MailboxPurpose = "user" | "shared" | "room" | "equipment" | "linked" | "other" | "none";

export type Correlation = "correlated" | "orphan_account" | "missing_account";

/** What of the two records made them one user, strongest first. A name never does. */
export type MatchedBy = "employee_id" | "upn" | "mail" | "proxy_address";

/** One row of the canonical list: an employee and an account joined, or either alone. */
export interface User {
  readonly id: UserId;
  readonly correlation: Correlation;
  readonly matchedBy: MatchedBy | null;
  readonly displayName: string;
  readonly givenName: string | null;
  /** HR's word where there is an employee, else Entra's; `null` when neither has one. */
  readonly department: string | null;
  /** Where mail reaches this user: the account's address, else HR's. `null`: nowhere. */
  readonly address: SmtpAddress | null;
  readonly employee: Employee | null;
  readonly account: Account | null;
  readonly mailbox: MailboxPurpose | null;
  readonly manager: Manager | null;
  /** `null` = the report has no row for this account: not known. */
  readonly registration: Registration | null;
  readonly holdsDirectorySyncRole: boolean;
}

/** The person copied on mails. `state` says why a fallback is needed; only `ok` is used as it is. */
export interface Manager {
  readonly userId: UserId | null;
  readonly displayName: string;
  readonly address: SmtpAddress | null;
  readonly state: "ok" | "departed" | "self" | "unreachable";
}

/** Something the join could not settle or that a person should look at. Worst kinds first in `JOIN_FINDING_KINDS`. */
export interface JoinFinding {
  readonly kind: JoinFindingKind;
  readonly userIds: readonly UserId[];
  readonly explanation: string;
}

export const JOIN_FINDING_KINDS = [
  "departed_but_enabled",
  "two_accounts_one_employee",
  "two_employees_one_address",
  "one_account_two_employees",
  "disabled_but_employed",
  "missing_account",
  "orphan_account",
  "manager_fallback",
  "no_address",
  "no_department",
  "possible_match_by_name",
] as const;
export type JoinFindingKind = (typeof JOIN_FINDING_KINDS)[number];
