import { type Cast, type Part, UNREGISTERED } from "./cast.ts";
import type { Department } from "./company-profile.ts";
import { departmentSizes } from "./departments.ts";
import { type FormerPeople, makeFormerPeople } from "./former-people.ts";
import type { Ground } from "./ground.ts";
import type { Luck } from "./luck.ts";
import { nameOf } from "./names.ts";
import { applyPart } from "./oddities.ts";
import { makePerson, type Person } from "./person.ts";
import { ROLE } from "./special-accounts.ts";
import type { TimeOff } from "./world.ts";

/** How many people one manager has. */
const SPAN = 9;

/** Everybody who works at the company when the story begins, and those who left before. */
export interface CompanyPeople {
  readonly active: readonly Person[];
  readonly former: FormerPeople;
  readonly cast: Cast;
  readonly timeOff: readonly TimeOff[];
  /** Names and ids beyond this number are free for people who join later. */
  readonly nextNumber: number;
}

/** Makes the company's people: the same ground gives the same people. */
export function generateCompany(ground: Ground): CompanyPeople {
  const { profile } = ground;
  const nameOffset = Math.floor(ground.luck.chance("names") * 5000);
  const cast = new Map<Part, { employeeId: string; accountId: string }[]>();
  const timeOff: TimeOff[] = [];
  const active: Person[] = [];
  const heads = new Map<string, Person>();
  for (const [departmentName, size] of departmentSizes(profile, ground.employees)) {
    const department = profile.departments.find(({ name }) => name === departmentName);
    if (department === undefined) continue;
    const people: Person[] = [];
    for (let index = 0; index < size; index += 1) {
      const part = profile.cast[department.name]?.[size - 1 - index];
      const number = active.length;
      const person = makeMember(ground, { department, index, size, number, part, nameOffset });
      if (part !== undefined) {
        const players = cast.get(part) ?? [];
        applyPart(person, { part, nth: players.length, today: ground.today, addresses: ground.addresses, timeOff });
        cast.set(part, [...players, { employeeId: person.employee.id, accountId: person.account.id }]);
      }
      people.push(person);
      active.push(person);
    }
    const head = people[0];
    if (head !== undefined) heads.set(department.name, head);
    for (const [index, person] of people.entries()) report(person, people[Math.floor((index - 1) / SPAN)]);
  }
  const ceo = heads.get(profile.ceoDepartment);
  for (const head of heads.values()) if (head !== ceo) report(head, ceo);
  const former = makeFormerPeople(ground, active.length, nameOffset);
  setOddManagers(active, cast, former);
  return { active, former, cast, timeOff, nextNumber: active.length + former.all.length };
}

interface Seat {
  readonly department: Department;
  readonly index: number;
  readonly size: number;
  readonly number: number;
  readonly part: Part | undefined;
  readonly nameOffset: number;
}

function makeMember(ground: Ground, seat: Seat): Person {
  const { profile, luck, today } = ground;
  const { department, index, size, number, part, nameOffset } = seat;
  const key = `person ${number}`;
  const isManager = index * SPAN + 1 < size;
  const staffTitle = luck.pick(department.staff, `${key} title`);
  const person = makePerson(
    {
      key,
      number,
      name: (part && profile.nameOfPart[part]) ?? nameOf(profile.names, number, nameOffset),
      department: department.name,
      division: department.division,
      jobTitle: index === 0 ? department.head : isManager ? department.manager : staffTitle,
      today,
    },
    ground,
  );
  const runsTenant = department.name === profile.itDepartment;
  if (runsTenant && index === 0) person.account.roles.push(ROLE.globalAdministrator);
  if (runsTenant && index === 1) person.account.roles.push(ROLE.userAdministrator);
  registerAtStart(person, { luck, key, share: startShare(seat, runsTenant), reportedAt: ground.reportedAt });
  setPerUserMfa(person.account, profile.before.perUserMfa, luck.chance(`${key} per-user MFA`));
  return person;
}

/** The head of IT and the person on the legacy client registered long ago. */
function startShare({ department, index, part }: Seat, runsTenant: boolean): number {
  if (part !== undefined && UNREGISTERED.has(part)) return 0;
  return part === "usesLegacyClient" || (runsTenant && index === 0) ? 1 : department.registered;
}

const METHOD_SETS: readonly [readonly string[], ...(readonly string[])[]] = [
  ["microsoftAuthenticatorPush"],
  ["microsoftAuthenticatorPush", "softwareOneTimePasscode"],
  ["mobilePhone"],
  ["mobilePhone", "email"],
];

function registerAtStart(
  { account }: Person,
  start: { luck: Luck; key: string; share: number; reportedAt: string },
): void {
  const { luck, key, share, reportedAt } = start;
  if (luck.chance(`${key} registered`) < share) account.methodsRegistered.push(...luck.pick(METHOD_SETS, `${key} how`));
  // E-mail alone serves to reset a password and is no second factor.
  else if (luck.chance(`${key} email`) < 0.3) account.methodsRegistered.push("email");
  account.reported = { methodsRegistered: [...account.methodsRegistered], at: reportedAt };
}

/** An administrator switched it on; Entra itself turns it to enforced once somebody has registered. */
function setPerUserMfa(account: Person["account"], share: number, luck: number): void {
  if (luck >= share) return;
  account.perUserMfa = account.methodsRegistered.some((method) => method !== "email") ? "enforced" : "enabled";
}

function report(person: Person, manager: Person | undefined): void {
  if (manager === undefined) return;
  person.employee.supervisorId = manager.employee.id;
  person.account.managerId = manager.account.id;
}

function setOddManagers(active: readonly Person[], cast: Cast, former: FormerPeople): void {
  const ownManagers = new Set(cast.get("isOwnManager")?.map(({ employeeId }) => employeeId));
  const left = new Set(cast.get("hasDepartedManager")?.map(({ employeeId }) => employeeId));
  for (const person of active) {
    if (ownManagers.has(person.employee.id)) report(person, person);
    if (left.has(person.employee.id)) report(person, former.manager);
  }
}
