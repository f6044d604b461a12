import { addDays, type Calendar } from "./calendar.ts";
import { leave } from "./former-people.ts";
import type { Person } from "./person.ts";

/** Days from the start of the story, and local hours. */
const NEW_HIRE_STARTS = 7;
const JOINER_KNOWN = 8;
const JOINER_STARTS = 10;
const LEAVING_DAYS = [9, 15] as const;
const BEFORE_WORK = 7.75;
const MORNING = 8;
const FORENOON = 10;
const EVENING = 17.5;

export interface PersonnelParts {
  readonly calendar: Calendar;
  readonly today: string;
  readonly schedule: (at: number, happen: () => void) => void;
  /** HR learns of somebody. */
  readonly addRecord: (person: Person) => void;
  /** The account appears on somebody's first day. */
  readonly addAccount: (person: Person) => void;
}

export interface PersonnelChanges {
  /** In HR from the start, with a first day in the second week. */
  readonly newHire: Person;
  /** Not even in HR when the story begins. */
  readonly joiner: Person;
  readonly leavers: readonly Person[];
}

/** Puts on the agenda who comes and who goes during the story. */
export function schedulePersonnelChanges(parts: PersonnelParts, { newHire, joiner, leavers }: PersonnelChanges): void {
  const { calendar, today, schedule } = parts;
  const at = (day: number, hour: number): number => calendar.at(addDays(today, day), hour);
  const firstDay = (person: Person): void => {
    person.employee.status = "Active";
    parts.addAccount(person);
  };
  awaitFirstDay(newHire, addDays(today, NEW_HIRE_STARTS), calendar);
  awaitFirstDay(joiner, addDays(today, JOINER_STARTS), calendar);
  parts.addRecord(newHire);
  schedule(at(NEW_HIRE_STARTS, MORNING), () => firstDay(newHire));
  schedule(at(JOINER_KNOWN, FORENOON), () => parts.addRecord(joiner));
  schedule(at(JOINER_STARTS, MORNING), () => firstDay(joiner));
  for (const [index, person] of leavers.entries()) {
    const day = LEAVING_DAYS[index] ?? LEAVING_DAYS[0];
    schedule(at(day, EVENING), () => {
      leave(person.employee, addDays(today, day));
      person.account.accountEnabled = false;
    });
  }
}

/** BambooHR shows a future hire as Inactive until the first day. */
function awaitFirstDay({ employee, account }: Person, date: string, calendar: Calendar): void {
  employee.status = "Inactive";
  employee.hireDate = date;
  employee.employmentStatusSince = date;
  const created = new Date(calendar.at(date, BEFORE_WORK)).toISOString().replace(".000Z", "Z");
  // The account object is new on that day, although it is made with the person here.
  Object.assign(account, { createdDateTime: created, reported: { methodsRegistered: [], at: created } });
}
