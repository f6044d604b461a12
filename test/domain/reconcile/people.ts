import { employeeId, entraObjectId, smtpAddress, userPrincipalName } from "../../../src/domain/model/ids.ts";
import type { Account, Employee, Registration } from "../../../src/domain/model/people.ts";
import { calendarDate, instant } from "../../../src/domain/model/time.ts";
import { type PeopleRead, reconcile } from "../../../src/domain/reconcile/reconcile.ts";

export const TODAY = calendarDate("2026-10-05");
export const DEADLINE = calendarDate("2026-10-31");

/** An active employee who matches nothing but what the test gives them. */
export const anEmployee = (id: string, facts: Partial<Employee> = {}): Employee => ({
  id: employeeId(id),
  employeeNumber: null,
  displayName: `Employee ${id}`,
  givenName: `Given${id}`,
  workEmail: null,
  department: "Sales",
  jobTitle: null,
  status: "active",
  hireDate: calendarDate("2020-01-01"),
  terminationDate: null,
  managerId: null,
  managerEmail: null,
  leave: null,
  ...facts,
});

/** An enabled member account `<name>@larkfield.test` with a licence and no HR id. */
export const anAccount = (name: string, facts: Partial<Account> = {}): Account => ({
  objectId: entraObjectId(`oid-${name}`),
  upn: userPrincipalName(`${name}@larkfield.test`),
  displayName: `Account ${name}`,
  givenName: null,
  mail: smtpAddress(`${name}@larkfield.test`),
  proxyAddresses: [smtpAddress(`${name}@larkfield.test`)],
  employeeId: null,
  department: null,
  jobTitle: null,
  enabled: true,
  kind: "member",
  onPremisesSynced: false,
  licensed: true,
  managerId: null,
  createdAt: null,
  ...facts,
});

export const aRegistration = (name: string, capable: boolean): Registration => ({
  objectId: entraObjectId(`oid-${name}`),
  registered: capable,
  capable,
  methods: [],
  isAdmin: false,
  reportedAt: instant("2026-10-05T00:00:00Z"),
});

export const at = (name: string) => smtpAddress(`${name}@larkfield.test`);

export const join = (read: Partial<PeopleRead>) =>
  reconcile({
    employees: [],
    accounts: [],
    registrations: [],
    purposes: new Map(),
    directorySync: new Set(),
    today: TODAY,
    ...read,
  });

/** The users of a join by id, for tests that ask about one of them. */
export const usersById = (read: Partial<PeopleRead>) =>
  new Map(join(read).users.map((user) => [String(user.id), user]));
