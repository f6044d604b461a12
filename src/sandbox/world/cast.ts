import type { PersonName } from "./names.ts";

/** A part that somebody of the company plays, because the story needs one such person. */
export type Part =
  | "neverEnrols"
  | "onParentalLeave"
  | "onLeaveOfAbsence"
  | "onLongTimeOff"
  | "leavesFirst"
  | "leavesSecond"
  | "onVacation"
  | "hasDepartedManager"
  | "isOwnManager"
  | "usesLegacyClient"
  | "nameBeyondLatin1"
  | "nameInChinese"
  | "nameWithApostrophe"
  | "displayNameWithComma"
  | "sharesName"
  | "upnIsNotMail"
  | "upperCaseAddress"
  | "hrKnowsAliasOnly"
  | "raisesTicket";

/**
 * The parts of each department, from its last person backwards: those have no reports. Whoever raises a ticket,
 * leaves, or never enrols is not registered when the story begins.
 */
const CAST: Readonly<Record<string, readonly Part[]>> = {
  IT: ["usesLegacyClient"],
  Sales: [
    "neverEnrols",
    "onLeaveOfAbsence",
    "leavesFirst",
    "nameWithApostrophe",
    "displayNameWithComma",
    "sharesName",
    "onVacation",
    "raisesTicket",
    "raisesTicket",
  ],
  Engineering: [
    "onParentalLeave",
    "leavesSecond",
    "nameBeyondLatin1",
    "nameInChinese",
    "upnIsNotMail",
    "hasDepartedManager",
    "hasDepartedManager",
    "hasDepartedManager",
    "sharesName",
    "onVacation",
    "onVacation",
    "raisesTicket",
    "raisesTicket",
  ],
  Operations: [
    "neverEnrols",
    "onLongTimeOff",
    "upperCaseAddress",
    "hrKnowsAliasOnly",
    "onVacation",
    "onVacation",
    "raisesTicket",
  ],
  Finance: ["isOwnManager", "onVacation", "raisesTicket"],
};

/** The smallest company with all departments, in which every part falls to somebody without reports. */
export const SMALLEST_WHOLE_COMPANY = 60;

/** Below it there are two departments, in which each part is still played, most of them once. */
const SMALL_CAST: typeof CAST = {
  IT: ["usesLegacyClient"],
  Sales: [
    "neverEnrols",
    "onParentalLeave",
    "onLeaveOfAbsence",
    "onLongTimeOff",
    "leavesFirst",
    "leavesSecond",
    "nameBeyondLatin1",
    "nameInChinese",
    "nameWithApostrophe",
    "displayNameWithComma",
    "sharesName",
    "sharesName",
    "upnIsNotMail",
    "upperCaseAddress",
    "hrKnowsAliasOnly",
    "hasDepartedManager",
    "isOwnManager",
    "onVacation",
    "raisesTicket",
    "raisesTicket",
  ],
};
export const SMALLEST_COMPANY = 26;

/** The parts of a company of so many employees, by department. */
export const castOf = (employees: number): typeof CAST => (employees < SMALLEST_WHOLE_COMPANY ? SMALL_CAST : CAST);

/** Names that a part brings with it. Both who share a name get the same one. */
export const NAME_OF_PART: Partial<Record<Part, PersonName>> = {
  nameBeyondLatin1: { given: "Łukasz", surname: "Wójcik" },
  nameInChinese: { given: "偉", surname: "張", local: "wei.chang" },
  nameWithApostrophe: { given: "Siobhán", surname: "O'Brien" },
  displayNameWithComma: { given: "Maria", surname: "Delgado" },
  sharesName: { given: "James", surname: "Miller" },
};

export const ON_LEAVE: ReadonlySet<Part> = new Set<Part>(["onParentalLeave", "onLeaveOfAbsence", "onLongTimeOff"]);

/** Parts whose players start without a strong method. */
export const UNREGISTERED: ReadonlySet<Part> = new Set<Part>([...ON_LEAVE, "neverEnrols", "raisesTicket"]);

/** Everybody by part, in the order they were cast. */
export type Cast = ReadonlyMap<Part, readonly { readonly employeeId: string; readonly accountId: string }[]>;
