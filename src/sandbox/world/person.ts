import type { AddressBook } from "./address-book.ts";
import { addDays } from "./calendar.ts";
import type { PersonName } from "./company-profile.ts";
import type { Ground } from "./ground.ts";
import type { Luck } from "./luck.ts";
import { localPart } from "./names.ts";
import type { Account, Employee } from "./world.ts";

/** Microsoft's SKU ids, from its list of product names and service plan identifiers. */
export const SKU = {
  businessPremium: "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
  frontline: "66b55226-6b4f-492c-910c-a3b7a3c9d993",
  exchangePlan1: "4b9405b0-7788-4568-add1-99614e613b69",
  teamsRoomsPro: "4cde982a-ede4-4409-9ae6-b003453c8ea6",
} as const;

const OLDEST_HIRE_DAYS = 6000;
const YOUNGEST_HIRE_DAYS = 40;

/** Somebody with a record in HR and an account in the tenant. */
export interface Person {
  readonly employee: Employee;
  readonly account: Account;
}

export interface PersonFacts {
  /** Reproducible name of this person for the world's luck. */
  readonly key: string;
  /** Count of all records made before; ids follow from it. */
  readonly number: number;
  readonly name: PersonName;
  readonly department: string;
  readonly division: string;
  readonly jobTitle: string;
  /** Local date on which the story begins. */
  readonly today: string;
}

/** An ordinary employee with an ordinary account; what is odd about them comes later. */
export function makePerson(
  facts: PersonFacts,
  { profile, addresses, luck }: Pick<Ground, "profile" | "addresses" | "luck">,
): Person {
  const { key, number, name, today } = facts;
  const { id, employeeNumber } = profile.identifiers(number);
  const local = addresses.reserve(localPart(name));
  const mail = `${local}@${addresses.mailDomain}`;
  const hireDate = addDays(today, -luck.between(YOUNGEST_HIRE_DAYS, OLDEST_HIRE_DAYS, `${key} hired`));
  const employee: Employee = {
    id,
    employeeNumber,
    firstName: name.given,
    lastName: name.surname,
    preferredName: profile.names.preferred.get(name.given) ?? null,
    workEmail: mail,
    department: facts.department,
    division: facts.division,
    jobTitle: facts.jobTitle,
    location: luck.pick(profile.locations, `${key} location`),
    supervisorId: null,
    status: "Active",
    employmentStatus: luck.chance(`${key} part time`) < 0.08 ? "Part-Time" : "Full-Time",
    employmentStatusSince: hireDate,
    hireDate,
    terminationDate: null,
  };
  const account: Account = {
    ...emptyAccount(luck.guid(`account ${key}`), `${name.given} ${name.surname}`, mail, `${hireDate}T14:00:00Z`),
    givenName: name.given,
    surname: name.surname,
    mail,
    proxyAddresses: [`SMTP:${mail}`, `smtp:${local}@${addresses.tenantDomain}`, ...shortAlias(facts, addresses, luck)],
    employeeId: profile.employeeIdInEntra({ id, employeeNumber }, luck.chance(`${key} employee id`)),
    department: facts.department,
    jobTitle: facts.jobTitle,
    onPremisesSyncEnabled: true,
    assignedLicenses: [
      profile.departments.find(({ name }) => name === facts.department)?.frontline
        ? SKU.frontline
        : SKU.businessPremium,
    ],
    userPurpose: "user",
  };
  return { employee, account };
}

/** An enabled member with nothing but a name: no mailbox, licence, manager or method. */
export function emptyAccount(
  id: string,
  displayName: string,
  userPrincipalName: string,
  createdDateTime: string,
): Account {
  return {
    id,
    userPrincipalName,
    displayName,
    givenName: null,
    surname: null,
    mail: null,
    proxyAddresses: [],
    employeeId: null,
    department: null,
    jobTitle: null,
    accountEnabled: true,
    userType: "Member",
    onPremisesSyncEnabled: null,
    assignedLicenses: [],
    managerId: null,
    createdDateTime,
    userPurpose: null,
    perUserMfa: "disabled",
    roles: [],
    methodsRegistered: [],
    reported: { methodsRegistered: [], at: createdDateTime },
  };
}

/** An older address scheme that a fifth of the people still have: the initial and the surname. */
function shortAlias({ key, name }: PersonFacts, addresses: AddressBook, luck: Luck): readonly string[] {
  if (luck.chance(`${key} alias`) >= 0.2) return [];
  const alias = localPart({ given: name.given.charAt(0), surname: name.surname }).replace(".", "");
  return addresses.reserveExactly(alias) ? [`smtp:${alias}@${addresses.mailDomain}`] : [];
}
