import type { EntraObjectId } from "../model/ids.ts";
import type { PolicyState } from "../model/phase.ts";

/**
 * A Conditional Access policy of anybody's, as far as it decides on a sign-in. Wider than `CaPolicy`, which is what we
 * draft; what even this does not hold is named in `unread`, and then nobody can say beforehand whether it applies.
 *
 * @see https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy
 */
export interface AccessPolicy {
  readonly id: string;
  readonly displayName: string;
  readonly state: PolicyState;
  /** `null`: for workload identities, which are never users. */
  readonly users: { readonly include: Audience; readonly exclude: Audience } | null;
  /** Application ids in lower case, and Graph's words `All`, `None`, `Office365`, `MicrosoftAdminPortals`. */
  readonly applications: Choice;
  /** `all`, or some of the four kinds of `ClientAppType`. */
  readonly clientAppTypes: readonly string[];
  /** `null`: not set, so every platform. Words of Graph: `all`, `android`, `iOS`, `windows`, `macOS`, `linux`. */
  readonly platforms: Choice | null;
  /** `null`: not set. Ids of named locations, and the words `All` and `AllTrusted`. */
  readonly locations: Choice | null;
  /** Empty: not set. */
  readonly signInRisk: readonly string[];
  /** Ways in which a sign-in is handed from one device to another; empty: not set. */
  readonly transferMethods: readonly string[];
  /** `null`: session controls alone, which refuse nobody. */
  readonly grant: { readonly operator: "AND" | "OR"; readonly controls: readonly GrantControl[] } | null;
  /** Conditions that are set and that no sign-in log tells, e.g. `userRiskLevels`, `devices`. */
  readonly unread: readonly string[];
}

export interface Choice {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** One side of a policy's users. */
export interface Audience {
  readonly everyone: boolean;
  readonly users: readonly EntraObjectId[];
  readonly groups: readonly string[];
  /** Role template ids. */
  readonly roles: readonly string[];
  readonly guests: readonly GuestKind[];
  /** The guests meant are those of certain tenants only. */
  readonly guestsOfTenants: boolean;
}

/** @see https://learn.microsoft.com/graph/api/resources/conditionalaccessguestsorexternalusers */
export type GuestKind =
  | "internalGuest"
  | "b2bCollaborationGuest"
  | "b2bCollaborationMember"
  | "b2bDirectConnectUser"
  | "otherExternalUser"
  | "serviceProvider";

/** `passwordless` and `phishing_resistant` are Microsoft's own strengths; `other` is what the log cannot show. */
export type GrantControl =
  | "mfa"
  | "passwordless"
  | "phishing_resistant"
  | "block"
  | "compliantDevice"
  | "domainJoinedDevice"
  | "other";

/** A place by address ranges or countries. @see https://learn.microsoft.com/graph/api/resources/namedlocation */
export interface NamedLocation {
  readonly id: string;
  readonly trusted: boolean;
  /** CIDR, IPv4 and IPv6. */
  readonly ranges: readonly string[];
  /** ISO 3166 codes of two letters. */
  readonly countries: readonly string[];
  /** Whether an address of no known country counts as here. */
  readonly unknownCountries: boolean;
}

/** What the tenant says about everybody's policies at one moment. */
export interface AccessRules {
  readonly policies: readonly AccessPolicy[];
  readonly locations: readonly NamedLocation[];
}

/** Who is in which group, nested groups included, and who holds which role. A group that was deleted has nobody. */
export interface Membership {
  readonly groups: ReadonlyMap<string, ReadonlySet<EntraObjectId>>;
  readonly roles: ReadonlyMap<string, ReadonlySet<EntraObjectId>>;
}

export const NOBODY: Audience = {
  everyone: false,
  users: [],
  groups: [],
  roles: [],
  guests: [],
  guestsOfTenants: false,
};
