import { addDays } from "./calendar.ts";
import { ON_LEAVE, type Part } from "./cast.ts";
import { type CompanyPeople, generateCompany } from "./generate-company.ts";
import type { Luck } from "./luck.ts";
import { nameOf } from "./names.ts";
import { AddressBook, emptyAccount, makePerson, type Person, SKU } from "./person.ts";
import { makeSpecialAccounts, type SpecialAccounts } from "./special-accounts.ts";
import type { Account, Employee, TimeOff, WorldSettings } from "./world.ts";

export interface CompanySettings {
  readonly settings: WorldSettings;
  readonly luck: Luck;
  /** Local date on which the story begins. */
  readonly today: string;
  readonly mailDomain: string;
  readonly tenantDomain: string;
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
  /** Accounts of people who work: they sign in, read mail and act on it. */
  readonly #working: Set<string>;
  readonly #employeeOf = new Map<string, string>();
  readonly #timeOffOf: ReadonlyMap<string, readonly TimeOff[]>;
  readonly mailDomain: string;
  readonly #luck: Luck;
  #byAddress: Map<string, Account> | undefined;

  constructor(company: CompanySettings) {
    const { settings, luck, today } = company;
    this.mailDomain = company.mailDomain;
    this.#luck = luck;
    const addresses = new AddressBook(company.mailDomain, company.tenantDomain);
    this.special = makeSpecialAccounts(addresses, luck, today);
    this.people = generateCompany({ employees: settings.employees, addresses, luck, today });
    this.timeOff = [...this.people.timeOff];
    this.#timeOffOf = Map.groupBy(this.timeOff, ({ employeeId }) => employeeId);
    for (const person of [...this.people.active, ...this.people.former.all]) {
      this.addRecord(person);
      this.#register(person);
    }
    this.contractor = makeContractor(company, addresses, this.#headOf("Engineering"));
    for (const account of [...Object.values(this.special).flat(), this.contractor])
      this.accounts.set(account.id, account);
    const number = this.people.nextNumber;
    const engineering = this.#headOf("Engineering")?.employee.department ?? "Sales";
    this.newHire = this.#makeComer(company, addresses, { number, department: engineering });
    this.joiner = this.#makeComer(company, addresses, { number: number + 1, department: "Sales" });
    this.leavers = [...this.accountIdsOf("leavesFirst"), ...this.accountIdsOf("leavesSecond")].flatMap((id) =>
      this.people.active.filter(({ account }) => account.id === id),
    );
    const away = new Set([...ON_LEAVE].flatMap((part) => [...this.accountIdsOf(part)]));
    const activeIds = this.people.active.map(({ account }) => account.id);
    this.#working = new Set([...activeIds.filter((id) => !away.has(id)), this.contractor.id]);
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
    { luck, today, settings }: CompanySettings,
    addresses: AddressBook,
    { number, department }: { readonly number: number; readonly department: string },
  ): Person {
    const head = this.#headOf(department);
    const person = makePerson(
      {
        key: `comer ${number}`,
        number,
        name: nameOf(number, settings.seed),
        department,
        division: head?.employee.division ?? "Corporate",
        jobTitle: department === "Sales" ? "Account Executive" : "Process Engineer",
        today: addDays(today, 1),
      },
      addresses,
      luck,
    );
    person.employee.supervisorId = head?.employee.id ?? null;
    person.account.managerId = head?.account.id ?? null;
    return person;
  }
}

/** Somebody who works here without being employed: an account with department and manager, no record in HR. */
function makeContractor(
  { luck, today, mailDomain }: CompanySettings,
  addresses: AddressBook,
  manager: Person | undefined,
): Account {
  const mail = `${addresses.reserve("tobias.renner.ext")}@${mailDomain}`;
  return {
    ...emptyAccount(
      luck.guid("account contractor"),
      "Tobias Renner (Contractor)",
      mail,
      `${addDays(today, -110)}T10:00:00Z`,
    ),
    givenName: "Tobias",
    surname: "Renner",
    mail,
    proxyAddresses: [`SMTP:${mail}`],
    department: "Engineering",
    jobTitle: "Contract Controls Engineer",
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
