import { addDays } from "./calendar.ts";
import type { Ground } from "./ground.ts";
import { nameOf } from "./names.ts";
import { makePerson, type Person } from "./person.ts";

/** People who left before the story begins. */
export interface FormerPeople {
  readonly all: readonly Person[];
  /** Left, account disabled, and still named as manager of some. */
  readonly manager: Person;
  /** Left, account disabled. */
  readonly others: readonly Person[];
  /** Left, but nobody disabled the account. */
  readonly stillEnabled: Person;
}

/** @param number - The first free number for ids and names. */
export function makeFormerPeople(ground: Ground, number: number, nameOffset: number): FormerPeople {
  const { profile } = ground;
  const make = ([departmentName, daysAgo]: readonly [string, number], nth: number): Person => {
    const department = profile.departments.find(({ name }) => name === departmentName);
    const person = makePerson(
      {
        key: `former ${nth}`,
        number: number + nth,
        name: nameOf(profile.names, number + nth, nameOffset),
        department: departmentName,
        division: department?.division ?? "Corporate",
        jobTitle: (nth === 0 ? department?.manager : department?.staff[0]) ?? "Specialist",
        // Everybody was hired before they left.
        today: addDays(ground.today, -daysAgo),
      },
      ground,
    );
    leave(person.employee, addDays(ground.today, -daysAgo));
    person.account.accountEnabled = false;
    person.account.assignedLicenses = [];
    return person;
  };
  const manager = make(profile.leavings.manager, 0);
  const stillEnabled = make(profile.leavings.stillEnabled, 1);
  stillEnabled.account.accountEnabled = true;
  const others = profile.leavings.others.map((leaving, index) => make(leaving, index + 2));
  return { all: [manager, stillEnabled, ...others], manager, stillEnabled, others };
}

/** Ends somebody's employment in HR's record. */
export function leave(employee: Person["employee"], date: string): void {
  employee.status = "Inactive";
  employee.employmentStatus = "Terminated";
  employee.employmentStatusSince = date;
  employee.terminationDate = date;
}
