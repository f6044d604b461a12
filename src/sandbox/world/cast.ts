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

export const ON_LEAVE: ReadonlySet<Part> = new Set<Part>(["onParentalLeave", "onLeaveOfAbsence", "onLongTimeOff"]);

/** Parts whose players start without a strong method. */
export const UNREGISTERED: ReadonlySet<Part> = new Set<Part>([...ON_LEAVE, "neverEnrols", "raisesTicket"]);

/** Everybody by part, in the order they were cast. */
export type Cast = ReadonlyMap<Part, readonly { readonly employeeId: string; readonly accountId: string }[]>;
