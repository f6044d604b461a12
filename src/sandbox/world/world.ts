import type { CompanyProfile } from "./company-profile.ts";

/**
 * One fictional company, shown by every simulated vendor. The world knows people, time and chance; vendors know
 * protocols. Nothing here is shared with the product.
 */

/** A record of the company's HR system, in that system's own words. */
export interface Employee {
  readonly id: string;
  employeeNumber: string;
  firstName: string;
  lastName: string;
  preferredName: string | null;
  workEmail: string | null;
  department: string;
  division: string;
  jobTitle: string;
  location: string;
  supervisorId: string | null;
  /** A future hire is Inactive until the first day; somebody on leave stays Active. */
  status: "Active" | "Inactive";
  /** Company-defined, newest row of the history: "Full-Time", "Part-Time", "Parental Leave", "Terminated" … */
  employmentStatus: string;
  /** `YYYY-MM-DD` from which `employmentStatus` holds. */
  employmentStatusSince: string;
  hireDate: string;
  terminationDate: string | null;
}

/** Approved time off. Dates are days, both included. */
export interface TimeOff {
  readonly id: number;
  readonly employeeId: string;
  readonly start: string;
  readonly end: string;
}

/** A user object of the tenant with everything the directory, Exchange and the registration report say of it. */
export interface Account {
  readonly id: string;
  userPrincipalName: string;
  displayName: string;
  givenName: string | null;
  surname: string | null;
  mail: string | null;
  /** As Exchange writes them: `SMTP:` for the primary, `smtp:` for the others. */
  proxyAddresses: string[];
  employeeId: string | null;
  department: string | null;
  jobTitle: string | null;
  accountEnabled: boolean;
  userType: "Member" | "Guest";
  onPremisesSyncEnabled: boolean | null;
  /** SKU ids. */
  assignedLicenses: string[];
  managerId: string | null;
  createdDateTime: string;
  /** `null`: no mailbox. */
  userPurpose: "user" | "linked" | "shared" | "room" | "equipment" | "others" | null;
  /** Legacy MFA switched on for this account alone. */
  perUserMfa: "disabled" | "enabled" | "enforced";
  /** Role template ids held. */
  roles: string[];
  /** What is registered now. */
  methodsRegistered: string[];
  /** What the registration report shows; it follows `methodsRegistered` hours later. */
  reported: { methodsRegistered: string[]; at: string };
}

/** A device as the tenant knows it. */
export interface Device {
  /** As the log writes it, e.g. `Windows10`, `Ios 18.1`, `MacOs`. */
  readonly operatingSystem: string;
  readonly isCompliant: boolean;
  /** `Azure AD joined`, `Hybrid Azure AD joined`, `Azure AD registered`, or empty. */
  readonly trustType: string;
}

/** One sign-in as the tenant's log has it, before any API shapes it. */
export interface SignIn {
  readonly id: string;
  readonly at: string;
  readonly accountId: string;
  readonly appId: string;
  readonly appDisplayName: string;
  readonly resourceDisplayName: string;
  readonly clientAppUsed: string;
  readonly authenticationProtocol: "none" | "oAuth2" | "ropc" | "deviceCode";
  readonly interactive: boolean;
  readonly ipAddress: string;
  readonly userAgent: string;
  /** Left out: a device of which the tenant knows nothing. */
  readonly device?: Device;
  /** Where the address is; the company's own country where left out. */
  readonly countryOrRegion?: string;
  readonly errorCode: number;
  readonly conditionalAccessStatus: "success" | "failure" | "notApplied";
  readonly appliedPolicies: readonly { readonly id: string; readonly displayName: string; readonly result: string }[];
}

/** What a sign-in attempt is, for the tenant to judge. */
export type SignInAttempt = Omit<SignIn, "id" | "errorCode" | "conditionalAccessStatus" | "appliedPolicies">;

/** The tenant's own judgement of an attempt; set by the Graph vendor, asked by the people who sign in. */
export type SignInJudge = (
  attempt: SignInAttempt,
) => Pick<SignIn, "errorCode" | "conditionalAccessStatus" | "appliedPolicies">;

/** A mail that reached the company's mailboxes. */
export interface DeliveredMail {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
  readonly sentAt: string;
}

/** A question somebody brings to the helpdesk. */
export interface TicketRaised {
  readonly contactName: string;
  readonly contactEmail: string;
  readonly summary: string;
  readonly text: string;
  readonly at: string;
}

export interface WorldSettings {
  readonly company: string;
  readonly seed: number;
  /** Active employees; departments keep their proportions. */
  readonly employees: number;
  /** ISO instant at which the story begins. */
  readonly startsAt: string;
  /** Names of what is wrong with the company; left out, it has its ordinary oddities. None: a tidy one. */
  readonly pitfalls?: readonly string[];
}

export interface World {
  readonly settings: WorldSettings;
  /** What makes this company another than the next. */
  readonly profile: CompanyProfile;
  readonly tenantId: string;
  readonly tenantDomain: string;
  readonly mailDomain: string;
  readonly timeZone: string;
  readonly employees: Map<string, Employee>;
  readonly timeOff: TimeOff[];
  readonly accounts: Map<string, Account>;
  /** In time order, append only. */
  readonly signIns: SignIn[];

  /** The world's time in ms. It runs with real time from wherever it was last set. Asking first lets due events happen. */
  now(): number;
  /** Moves the clock forward, letting everything due happen in order. Backward is an error. */
  moveTo(ms: number): void;
  /** Happens once the world's time reaches `ms`. */
  schedule(ms: number, happen: () => void): void;
  /** A number in [0, 1) that depends on the seed and `key` alone, so that events do not disturb each other's luck. */
  chance(key: string): number;
  /** A reproducible GUID for `key`. */
  guid(key: string): string;

  /** A vendor of mail hands over what was sent; people react to it. */
  deliver(mail: DeliveredMail): void;
  /** The tenant's judge; without one every sign-in passes and no policy is listed. */
  judge: SignInJudge;
  /** A service desk listens for tickets. */
  onTicket(listener: (ticket: TicketRaised) => void): void;
  /** Somebody signs in with a Temporary Access Pass and registers a method there and then. */
  enrolWithPass(accountId: string): void;
  /** The technician mends a legacy client: from now on this account uses a modern one. */
  retireLegacyClient(accountId: string): void;
  /**
   * Somebody loses the phone with every method on it. The tenant goes on to list the methods, and nobody answers its
   * prompts, until the phone is found or replaced.
   */
  losePhone(accountId: string): void;
  replacePhone(accountId: string): void;
  hasLostPhone(accountId: string): boolean;
  /** Facts about the company that a check may need (who is who), for `vendors.json` under `world`. */
  dump(): Readonly<Record<string, unknown>>;
}
