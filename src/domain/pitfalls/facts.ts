import type { Roster } from "../exceptions/scope.ts";
import type { Customer } from "../model/customer.ts";
import type { EntraObjectId, PhaseId } from "../model/ids.ts";
import type { User } from "../model/people.ts";
import type { Phase, PolicyState } from "../model/phase.ts";
import type { ProcedureSettings } from "../model/procedure.ts";
import type { PerUserMfa } from "../model/protection.ts";
import type { Finding } from "../model/signin.ts";
import type { CalendarDate, Instant } from "../model/time.ts";

/** A Conditional Access policy of anybody's, as far as it can stand in the way. */
export interface SurveyedPolicy {
  readonly id: string;
  readonly state: PolicyState;
  readonly microsoftManaged: boolean;
  readonly createdAt: Instant | null;
  /** Of its last change, or of its creation; `null`: the tenant does not tell. */
  readonly changedAt: Instant | null;
  readonly users: {
    readonly all: boolean;
    readonly include: readonly EntraObjectId[];
    readonly includeGroups: readonly EntraObjectId[];
    readonly exclude: readonly EntraObjectId[];
    readonly excludeGroups: readonly EntraObjectId[];
    /** Role template ids. */
    readonly excludeRoles: readonly string[];
    /** Tenant ids whose technicians (GDAP) are left out, lower case; `all` leaves every provider's out. */
    readonly excludeServiceProviders: "all" | readonly string[];
  };
  readonly apps: {
    readonly all: boolean;
    readonly exclude: readonly string[];
    /** Covers the registration of security info instead of applications. */
    readonly securityInfo: boolean;
  };
  /** A network, named by its location's id or `All`, that makes a difference to it. */
  readonly locations: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  /** Built-in controls, in Entra's words; a required strength counts as `mfa`. */
  readonly controls: readonly string[];
  /** Whether every control is needed; else one will do. */
  readonly needsEvery: boolean;
}

/** A group that a policy names. */
export interface SurveyedGroup {
  readonly dynamic: boolean;
  /** Has another group among its members. */
  readonly nested: boolean;
}

/** What licences and legacy settings say of one account. */
export interface SurveyedAccount {
  /** Has Entra ID P1 or P2. */
  readonly premium: boolean;
  /** Has a frontline licence: often no computer, mailbox or company phone of their own. */
  readonly frontline: boolean;
  /** Has a licence for a meeting room or a shared phone. */
  readonly sharedDevice: boolean;
  /** Legacy per-user MFA; `null`: Graph did not tell. */
  readonly perUserMfa: PerUserMfa | null;
}

/** What a look at the tenant finds beside accounts and registrations, which the canonical list has. */
export interface TenantSurvey {
  readonly policies: readonly SurveyedPolicy[];
  /** By id, every group asked for; `null`: there is none any more. */
  readonly groups: ReadonlyMap<EntraObjectId, SurveyedGroup | null>;
  /** Kinds of method that the authentication methods policy allows, in Entra's words: `Fido2`, `TemporaryAccessPass` … */
  readonly methodsAllowed: ReadonlySet<string>;
  readonly securityDefaultsEnabled: boolean;
  /** Accounts with Global Administrator active now. */
  readonly globalAdministrators: ReadonlySet<EntraObjectId>;
  /** Entra ID P2 brings Privileged Identity Management: an active role may then be one for some hours. */
  readonly rolesMayBeTemporary: boolean;
  readonly accounts: ReadonlyMap<EntraObjectId, SurveyedAccount>;
  /** Whether guests' MFA at home counts here. */
  readonly guestMfaTrusted: boolean;
  readonly intuneEnrolmentAppExists: boolean;
  /** Whether somebody's Windows was activated through the tenant since the time asked for. */
  readonly windowsActivated: boolean;
  /** Of the accounts asked for, those that somebody signed in with, whatever came of it. */
  readonly mailboxesSignedIn: ReadonlySet<EntraObjectId>;
}

/** Somebody's change of a policy, or of who is in a group. */
export interface TenantChange {
  /** Of the policy or group; of a member as well, in an entry of its own. */
  readonly targetId: string;
  readonly at: Instant;
  /** `app` changes on its own; the id is an app's or a user's. */
  readonly by: { readonly kind: "app" | "user" | "unknown"; readonly id: string };
}

/** Everything that the checks judge by, all of it read at about the same time. */
export interface PitfallFacts {
  readonly survey: TenantSurvey;
  /** By others than our own app since the rollout began, oldest first; `null`: no policy shows any, so nobody was asked. */
  readonly policyChanges: readonly TenantChange[] | null;
  readonly users: readonly User[];
  readonly roster: Roster;
  /** The configured emergency access accounts. */
  readonly emergency: readonly EmergencyAccount[];
  /** Sign-ins that enforcement would break and nobody has settled. */
  readonly openFindings: readonly Finding[];
  /** Phase by policy id, for the policies of this rollout. */
  readonly ours: ReadonlyMap<string, PhaseId>;
  /** Object ids of the rollout's own groups. */
  readonly ourGroups: readonly EntraObjectId[];
  readonly phases: readonly Phase[];
  readonly enforcementDates: ReadonlyMap<PhaseId, CalendarDate>;
  readonly customer: Customer;
  readonly settings: ProcedureSettings;
  readonly deadline: CalendarDate;
  readonly today: CalendarDate;
  readonly now: Instant;
}

export interface EmergencyAccount {
  /** As configured; `user` is `null` when the list has no such account. */
  readonly upn: string;
  readonly user: User | null;
  /** Ids of the policies that What-If says would apply. */
  readonly applied: readonly string[];
}
