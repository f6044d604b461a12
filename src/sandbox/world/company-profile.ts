import type { Part } from "./cast.ts";

/** A department of a company; the first person is its head, people with reports are managers. */
export interface Department {
  readonly name: string;
  /** Employees of the company at its usual size. */
  readonly share: number;
  readonly division: string;
  readonly head: string;
  readonly manager: string;
  readonly staff: readonly [string, ...string[]];
  /** Share of its people who are registered for MFA when the story begins. */
  readonly registered: number;
  /** Its people have a frontline licence, and no computer of their own. */
  readonly frontline?: true;
  /**
   * Works in shifts, weekends and nights included, and has no phone at hand: its people enrol with a security key that
   * their manager hands out.
   */
  readonly shifts?: true;
}

/** A name as its bearer writes it, and the part before the @ where that cannot be made from it. */
export interface PersonName {
  readonly given: string;
  readonly surname: string;
  readonly local?: string;
}

/** Given names and surnames that people are made from. */
export interface NameStock {
  readonly given: readonly string[];
  readonly surnames: readonly string[];
  /** What friends call the bearer of a given name, where HR keeps it. */
  readonly preferred: ReadonlyMap<string, string>;
}

/** An account that stands for no employee. */
export interface SpecialName {
  readonly local: string;
  readonly displayName: string;
}

/** Everything that makes one fictional company another than the next. Data alone: no code asks which company it is. */
export interface CompanyProfile {
  readonly slug: string;
  readonly name: string;
  readonly mailDomain: string;
  readonly tenantDomain: string;
  readonly timeZone: string;
  /** Where its office is, as sign-in logs write it. */
  readonly office: { readonly city: string; readonly state: string; readonly countryOrRegion: string };
  readonly locations: readonly [string, ...string[]];
  /** ISO instant at which the story usually begins. */
  readonly startsAt: string;
  /** Active employees, usually. */
  readonly employees: number;
  /** The smallest number with which every part falls to somebody without reports. */
  readonly smallest: number;

  readonly departments: readonly Department[];
  /** The head of this department is the company's. */
  readonly ceoDepartment: string;
  /** Runs the tenant: its first two people are administrators. */
  readonly itDepartment: string;
  readonly names: NameStock;
  /** The parts of each department, from its last person backwards: those have no reports. */
  readonly cast: Readonly<Record<string, readonly Part[]>>;
  /** Names that a part brings with it. Both who share a name get the same one. */
  readonly nameOfPart: Partial<Record<Part, PersonName>>;

  /** HR's two identifiers of the person with this number, counted over all records. */
  readonly identifiers: (number: number) => { readonly id: string; readonly employeeNumber: string };
  /** What Entra has of them, by a number in [0, 1) of the person's own. */
  readonly employeeIdInEntra: (
    ids: { readonly id: string; readonly employeeNumber: string },
    luck: number,
  ) => string | null;

  readonly special: {
    readonly directorySync: string;
    /** Sends scans by SMTP AUTH; `null` where legacy authentication is barred. */
    readonly scanner: SpecialName | null;
    readonly services: readonly (SpecialName & { readonly mailbox?: true })[];
    readonly sharedMailboxes: readonly SpecialName[];
    readonly rooms: readonly SpecialName[];
    readonly emergencyAccess: readonly SpecialName[];
    readonly guests: readonly { readonly mail: string; readonly displayName: string }[];
  };
  /** The shared mailbox, by its part before the @, from which users hear of the rollout. */
  readonly supportMailbox: string;
  /** Works here without being employed. */
  readonly contractor: SpecialName & PersonName & { readonly department: string; readonly jobTitle: string };
  /** Comes in the second week, known to HR from the start; and later, known to nobody yet. */
  readonly newHire: { readonly department: string; readonly jobTitle: string };
  readonly joiner: { readonly department: string; readonly jobTitle: string };
  /** Department, and how many days ago each of them left. */
  readonly leavings: {
    readonly manager: readonly [string, number];
    readonly stillEnabled: readonly [string, number];
    readonly others: readonly (readonly [string, number])[];
  };

  /** How the tenant asked for MFA before the rollout. */
  readonly before: {
    readonly securityDefaults: boolean;
    /** Share of the employees with legacy per-user MFA: enforced for those who are registered, enabled for the others. */
    readonly perUserMfa: number;
  };
  /** Names by which other systems know the company. */
  readonly systems: {
    readonly psaCustomer: string;
    readonly bigQueryProject: string;
    readonly bigQueryLocation: string;
    readonly lookerHost: string;
    readonly workday: {
      readonly tenant: string;
      /** XML aliases of the columns of the report of workers, as its author typed them, by what they hold. */
      readonly workers: Readonly<Record<string, string>>;
      readonly absences: { readonly worker: string; readonly from: string; readonly until: string };
      /** What the reports write behind a date. */
      readonly dateSuffix: string;
    };
  };
}
