import { AddressBook } from "./address-book.ts";
import { addDays } from "./calendar.ts";
import { ON_LEAVE, type Part } from "./cast.ts";
import type { CompanyProfile } from "./company-profile.ts";
import { type CompanyPeople, generateCompany } from "./generate-company.ts";
import type { Ground } from "./ground.ts";
import type { Luck } from "./luck.ts";
import { nameOf } from "./names.ts";
import { emptyAccount, makePerson, type Person, SKU } from "./person.ts";
import { makeSpecialAccounts, type SpecialAccounts } from "./special-accounts.ts";
import type { Account, Employee, TimeOff, WorldSettings } from "./world.ts";

export interface CompanySettings {
  readonly settings: WorldSettings;
  readonly luck: Luck;
  /** Local date on which the story begins. */
  readonly today: string;
  readonly profile: CompanyProfile;
}

/** The company's records and accounts, and who is who among them. */
export class Company {
  readonly employees = new Map<string, Employee>();
  readonly accounts = new Map<string, Account>();
  readonly timeOff: TimeOff[];
  readonly people: CompanyPeople;
  readonly special: SpecialAccounts;
  readonly contractor: Account;
  readonly newHire: Person;
  readonly joiner: Person;
  readonly leavers: readonly Person[];
  readonly #shiftDepartments: ReadonlySet<string>;
  /** Accounts of people who work: they sign in, read mail and act on it. */
  readonly #working: Set<string>;
  readonly #employeeOf = new Map<string, string>();
  readonly #timeOffOf: ReadonlyMap<string, readonly TimeOff[]>;
  readonly profile: CompanyProfile;
  readonly #luck: Luck;
  readonly #seed: number;
  #byAddress: Map<string, Account> | undefined;

  constructor(company: CompanySettings) {
    const { settings, luck, today, profile } = company;
    this.profile = profile;
    this.#luck = luck;
    this.#seed = settings.seed;
    this.#shiftDepartments = new Set(profile.departments.flatMap(({ name, shifts }) => (shifts ? [name] : [])));
    const addresses = new AddressBook(profile.mailDomain, profile.tenantDomain);
    const ground = {
      profile,
      addresses,
      luck,
      today,
      employees: settings.employees,
      reportedAt: lastReport(settings.startsAt),
    };
    this.special = makeSpecialAccounts(ground);
    this.people = generateCompany(ground);
    this.timeOff = [...this.people.timeOff];
    this.#timeOffOf = Map.groupBy(this.timeOff, ({ employeeId }) => employeeId);
    for (const person of [...this.people.active, ...this.people.former.all]) {
      this.addRecord(person);
      this.#register(person);
    }
    this.contractor = makeContractor(ground, this.#headOf(profile.contractor.department));
    for (const account of [...Object.values(this.special).flat(), this.contractor])
      if (account !== null) this.accounts.set(account.id, account);
    const number = this.people.nextNumber;
    this.newHire = this.#makeComer(ground, { number, ...profile.newHire });
    this.joiner = this.#makeComer(ground, { number: number + 1, ...profile.joiner });
    this.leavers = [...this.accountIdsOf("leavesFirst"), ...this.accountIdsOf("leavesSecond")].flatMap((id) =>
      this.people.active.filter(({ account }) => account.id === id),
    );
    const away = new Set([...ON_LEAVE].flatMap((part) => [...this.accountIdsOf(part)]));
    const activeIds = this.people.active.map(({ account }) => account.id);
    this.#working = new Set([...activeIds.filter((id) => !away.has(id)), this.contractor.id]);
  }

  get mailDomain(): string {
    return this.profile.mailDomain;
  }

  get legacyUserId(): string {
    return this.people.cast.get("usesLegacyClient")?.[0]?.accountId ?? "";
  }

  accountIdsOf(part: Part): ReadonlySet<string> {
    return new Set(this.people.cast.get(part)?.map(({ accountId }) => accountId));
  }

  workingAccountIds(): readonly string[] {
    return [...this.#working];
  }

  /** Whether the account belongs to somebody who works here now; nobody acts for shared and service accounts. */
  isAttentive(accountId: string): boolean {
    return this.#working.has(accountId);
  }

  /** Whether somebody works in shifts, without a phone at hand. */
  worksShifts(accountId: string): boolean {
    return this.#shiftDepartments.has(this.accounts.get(accountId)?.department ?? "");
  }

  worksOn(accountId: string, date: string): boolean {
    const timeOff = this.#timeOffOf.get(this.#employeeOf.get(accountId) ?? "") ?? [];
    return this.#working.has(accountId) && !timeOff.some(({ start, end }) => start <= date && date <= end);
  }

  /** Some ordinary accounts, spread over the company. */
  sampleAccounts(count: number): readonly Account[] {
    const { active } = this.people;
    const step = Math.floor(active.length / (count + 1));
    return Array.from({ length: count }, (_, index) => active[(index + 1) * step]?.account).filter(
      (account) => account !== undefined,
    );
  }

  /** Any address of an account leads to it: principal name, mail, alias, in any case. */
  accountByAddress(address: string): Account | undefined {
    this.#byAddress ??= new Map([...this.accounts.values()].flatMap(addressesOf));
    return this.#byAddress.get(address.trim().toLowerCase());
  }

  /** A reproducible object id for an account that the ordinary company lacks. */
  accountIdFor(name: string): string {
    return this.#luck.guid(`account ${name}`);
  }

  /** Adds an account behind which nobody stands. */
  addShared(account: Account): void {
    this.accounts.set(account.id, account);
  }

  addRecord({ employee }: Person): void {
    this.employees.set(employee.id, employee);
  }

  /** Gives somebody the account they start work with. */
  addAccount(person: Person): void {
    this.#register(person);
    this.#working.add(person.account.id);
    for (const [address, account] of addressesOf(person.account)) this.#byAddress?.set(address, account);
  }

  #register({ employee, account }: Person): void {
    this.accounts.set(account.id, account);
    this.#employeeOf.set(account.id, employee.id);
  }

  #headOf(department: string): Person | undefined {
    return this.people.active.find(({ employee }) => employee.department === department);
  }

  #makeComer(
    ground: Ground,
    {
      number,
      department,
      jobTitle,
    }: { readonly number: number; readonly department: string; readonly jobTitle: string },
  ): Person {
    const { profile, today } = ground;
    const head = this.#headOf(department);
    const person = makePerson(
      {
        key: `comer ${number}`,
        number,
        name: nameOf(profile.names, number, this.#seed),
        department,
        division: head?.employee.division ?? "Corporate",
        jobTitle,
        today: addDays(today, 1),
      },
      ground,
    );
    person.employee.supervisorId = head?.employee.id ?? null;
    person.account.managerId = head?.account.id ?? null;
    return person;
  }
}

/** The registration report is made at a quarter past ten in the evening, UTC. */
function lastReport(startsAt: string): string {
  const sameDay = `${startsAt.slice(0, 10)}T22:15:00Z`;
  return Date.parse(sameDay) < Date.parse(startsAt) ? sameDay : `${addDays(startsAt.slice(0, 10), -1)}T22:15:00Z`;
}

/** Somebody who works here without being employed: an account with department and manager, no record in HR. */
function makeContractor({ profile, addresses, luck, today }: Ground, manager: Person | undefined): Account {
  const { contractor } = profile;
  const mail = `${addresses.reserve(contractor.local)}@${profile.mailDomain}`;
  return {
    ...emptyAccount(luck.guid("account contractor"), contractor.displayName, mail, `${addDays(today, -110)}T10:00:00Z`),
    givenName: contractor.given,
    surname: contractor.surname,
    mail,
    proxyAddresses: [`SMTP:${mail}`],
    department: contractor.department,
    jobTitle: contractor.jobTitle,
    assignedLicenses: [SKU.businessPremium],
    managerId: manager?.account.id ?? null,
    userPurpose: "user",
  };
}

function addressesOf(account: Account): readonly (readonly [string, Account])[] {
  const addresses = [
    account.userPrincipalName,
    account.mail ?? account.userPrincipalName,
    ...account.proxyAddresses.map((address) => address.replace(/^smtp:/i, "")),
  ];
  return addresses.map((address) => [address.toLowerCase(), account] as const);
}
