import type { AddressBook } from "./address-book.ts";
import { addDays } from "./calendar.ts";
import type { Part } from "./cast.ts";
import type { Person } from "./person.ts";
import type { TimeOff } from "./world.ts";

/** First id of time off; employee ids stay below. */
const FIRST_TIME_OFF = 900_001;

/** Vacations, in days from the start and length: one running, the others during the story. None is leave. */
const VACATIONS = [
  { from: -2, days: 7 },
  { from: 3, days: 5 },
  { from: 7, days: 10 },
  { from: 10, days: 8 },
  { from: 14, days: 5 },
  { from: 17, days: 9 },
] as const;

export interface PartSetting {
  readonly part: Part;
  /** How many were cast in this part before. */
  readonly nth: number;
  readonly today: string;
  readonly addresses: AddressBook;
  /** Approved time off is added here. */
  readonly timeOff: TimeOff[];
}

/** Changes what is odd about a person who plays a part. */
export function applyPart(person: Person, setting: PartSetting): void {
  const { employee, account } = person;
  const { part, nth, today, addresses, timeOff } = setting;
  const isOff = (from: number, to: number): void => {
    timeOff.push({
      id: FIRST_TIME_OFF + timeOff.length,
      employeeId: employee.id,
      start: addDays(today, from),
      end: addDays(today, to),
    });
  };
  switch (part) {
    case "onParentalLeave":
      employee.employmentStatus = "Parental Leave";
      employee.employmentStatusSince = addDays(today, -49);
      employee.hireDate = addDays(today, -900);
      break;
    case "onLeaveOfAbsence":
      employee.employmentStatus = "Leave of Absence";
      employee.employmentStatusSince = addDays(today, -21);
      employee.hireDate = addDays(today, -1500);
      break;
    case "onLongTimeOff":
      isOff(-14, 46);
      break;
    case "onVacation": {
      const vacation = VACATIONS[nth % VACATIONS.length] ?? VACATIONS[0];
      isOff(vacation.from, vacation.from + vacation.days - 1);
      break;
    }
    case "displayNameWithComma":
      account.displayName = `${employee.lastName}, ${employee.firstName}`;
      break;
    case "upnIsNotMail":
      // Without an employee id in Entra only the mail address joins the two.
      account.userPrincipalName = `x${employee.employeeNumber.toLowerCase()}@${addresses.mailDomain}`;
      account.employeeId = null;
      break;
    case "upperCaseAddress":
      account.mail = account.mail?.toUpperCase() ?? null;
      account.proxyAddresses[0] = `SMTP:${account.mail}`;
      account.employeeId = null;
      break;
    case "hrKnowsAliasOnly": {
      const alias = `${addresses.reserve(`${employee.firstName}.hartwell`.toLowerCase())}@${addresses.mailDomain}`;
      employee.workEmail = alias;
      account.proxyAddresses.push(`smtp:${alias}`);
      account.employeeId = null;
      break;
    }
    default:
      // The other parts show in names, managers, methods or what people do.
      break;
  }
}
