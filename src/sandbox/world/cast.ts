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
export const CAST: Readonly<Record<string, readonly Part[]>> = {
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

/** The smallest company in which every part falls to somebody without reports. */
export const SMALLEST_COMPANY = 60;

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
