import { fold } from "../model/fold.ts";
import type { SmtpAddress } from "../model/ids.ts";
import type { Account, Employee, MatchedBy } from "../model/people.ts";

export interface Match {
  readonly employee: Employee;
  readonly by: MatchedBy;
}

export interface Matches {
  /** One account has at most one employee, and one employee at most one account. */
  readonly byAccount: ReadonlyMap<Account, Match>;
  /** Accounts that point at an employee who has another account, or at whom another account points as strongly. */
  readonly contested: ReadonlyMap<Employee, readonly Account[]>;
  /** Accounts whose own evidence names more than one employee, and nothing stronger settles it. */
  readonly ambiguous: ReadonlyMap<Account, readonly Employee[]>;
  /** Addresses that HR gives to more than one employee. */
  readonly sharedAddresses: ReadonlyMap<SmtpAddress, readonly Employee[]>;
}

type Evidence = (account: Account) => readonly Match[];

/**
 * Joins accounts to employees level by level: employee id, then UPN or primary address, then the other addresses. A
 * level sees every account before it decides, so the order of the input changes nothing. What a level cannot settle is
 * reported and never guessed: two accounts that point at one employee both stay alone, and an account that points at
 * two employees waits for a later level to name exactly one of the two. Guests take no part.
 */
export function matchAccounts(accounts: readonly Account[], employees: readonly Employee[]): Matches {
  const byAddress = group(employees, ({ workEmail }) => (workEmail === null ? [] : [workEmail]));
  const byAccount = new Map<Account, Match>();
  const contested = new Map<Employee, Account[]>();
  const ambiguous = new Map<Account, readonly Employee[]>();
  const taken = new Set<Employee>();
  let open = accounts.filter(({ kind }) => kind === "member");

  for (const evidence of [employeeIdEvidence(employees), primaryEvidence(byAddress), proxyEvidence(byAddress)]) {
    const claims = new Map<Employee, { account: Account; by: MatchedBy }[]>();
    const undecided: Account[] = [];
    for (const account of open) {
      const candidates = narrowed(evidence(account), ambiguous.get(account));
      const [first] = candidates;
      if (first !== undefined && candidates.length === 1) append(claims, first.employee, { account, by: first.by });
      else undecided.push(account);
      if (candidates.length > 1)
        ambiguous.set(
          account,
          candidates.map(({ employee }) => employee),
        );
    }
    for (const [employee, claimants] of claims) {
      const [only] = claimants;
      for (const { account } of claimants) ambiguous.delete(account);
      if (only !== undefined && claimants.length === 1 && !taken.has(employee)) {
        byAccount.set(only.account, { employee, by: only.by });
      } else {
        for (const { account } of claimants) append(contested, employee, account);
      }
      taken.add(employee);
    }
    open = undecided;
  }
  const sharedAddresses = new Map([...byAddress].filter(([, sharers]) => sharers.length > 1));
  return { byAccount, contested, ambiguous, sharedAddresses };
}

/**
 * Entra's `employeeId` may hold HR's id or the number on the badge, and one person's id can be another's number; where
 * HR says which of its ids Entra has, no other counts.
 */
function employeeIdEvidence(employees: readonly Employee[]): Evidence {
  const byId = group(employees, ({ id, employeeNumber, entraEmployeeId }) => {
    const ids = entraEmployeeId === undefined ? [id, employeeNumber] : [entraEmployeeId];
    return ids.map((text) => fold(text ?? "")).filter(Boolean);
  });
  return ({ employeeId }) => (employeeId === null ? [] : found(byId.get(fold(employeeId)), "employee_id"));
}

function primaryEvidence(byAddress: ReadonlyMap<string, readonly Employee[]>): Evidence {
  return ({ upn, mail }) => [...found(byAddress.get(upn), "upn"), ...found(mail && byAddress.get(mail), "mail")];
}

function proxyEvidence(byAddress: ReadonlyMap<string, readonly Employee[]>): Evidence {
  return ({ proxyAddresses }) => proxyAddresses.flatMap((address) => found(byAddress.get(address), "proxy_address"));
}

const found = (employees: readonly Employee[] | "" | null | undefined, by: MatchedBy): readonly Match[] =>
  (employees || []).map((employee) => ({ employee, by }));

/** One match per employee, the strongest first; where earlier evidence named some, only those. */
function narrowed(matches: readonly Match[], earlier: readonly Employee[] | undefined): readonly Match[] {
  if (matches.length === 0) return matches;
  const byEmployee = new Map<Employee, Match>();
  for (const match of matches) {
    const possible = earlier === undefined || earlier.includes(match.employee);
    if (possible && !byEmployee.has(match.employee)) byEmployee.set(match.employee, match);
  }
  return [...byEmployee.values()];
}

function group<T, K extends string>(items: readonly T[], keysOf: (item: T) => readonly K[]): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) for (const key of new Set(keysOf(item))) append(groups, key, item);
  return groups;
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
