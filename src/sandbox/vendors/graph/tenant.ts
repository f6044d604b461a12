import type { Box } from "../../core/vendor.ts";
import type { Account } from "../../world/world.ts";
import { GroupStore } from "./group-store.ts";
import { MailStore } from "./mail-store.ts";
import type { NamedLocation } from "./named-locations.ts";
import { PerUserMfa } from "./per-user-mfa-store.ts";
import { PolicyStore } from "./policy-store.ts";
import { SecurityDefaults } from "./security-defaults-store.ts";
import { TeamStore } from "./team-store.ts";
import { Throttle } from "./throttle.ts";

export interface GraphOptions {
  /** Application permissions that the app holds. */
  readonly permissions: readonly string[];
  /** Whether the tenant owns Entra ID P1. */
  readonly premium: boolean;
  readonly securityDefaults: boolean;
  /** Whether a GDAP relationship with the MSP is in force. */
  readonly hasServiceProvider: boolean;
  /** Whether the person who posts in the story is a member of the helpdesk's team. */
  readonly personIsMember: boolean;
  /** Whether the app is registered in this tenant, or in the MSP's and only consented to here. */
  readonly hasRegistration: boolean;
  /** ISO instant at which the app's client secret ends. */
  readonly secretEndsAt: string;
  /** Exchange's own roles of the app, for the one mailbox of this name before the @. */
  readonly exchangeRbac: { readonly mailbox: string; readonly roles: readonly string[] };
}

interface MembershipAudit {
  readonly at: string;
  readonly group: string;
  readonly member: string;
  readonly isIn: boolean;
  /** Subject of the caller's token: an app's client id, or a person. */
  readonly by: string;
}

/** A Temporary Access Pass as the directory keeps it; its passcode is known to the one who was told, and to nobody else. */
export interface AccessPass {
  readonly id: string;
  readonly createdAt: number;
  readonly startsAt: number;
  readonly minutes: number;
  readonly once: boolean;
  used: boolean;
}

/** The tenant as its services remember it. People, time and chance come from the world. */
export interface Tenant {
  readonly box: Box;
  readonly options: GraphOptions;
  readonly groups: GroupStore;
  readonly policies: PolicyStore;
  readonly namedLocations: Map<string, NamedLocation>;
  readonly teams: TeamStore;
  readonly mail: MailStore;
  readonly securityDefaults: SecurityDefaults;
  readonly perUserMfa: PerUserMfa;
  /** How each account stood when the story began, for whoever compares. */
  readonly atStart: ReadonlyMap<string, Pick<Account, "accountEnabled" | "perUserMfa" | "methodsRegistered">>;
  /** Who put whom into a group or out of it, oldest first. */
  readonly membershipAudits: MembershipAudit[];
  readonly deletedUsers: string[];
  /** By account: one at most. */
  readonly accessPasses: Map<string, AccessPass>;
  /** Kinds of authentication method, as the methods policy names them, that it allows. */
  readonly methods: Set<string>;
  /** Whether MFA that guests did at home counts. */
  readonly guestTrust: { isMfaAccepted: boolean };
  /** Application ids of Microsoft's own that have a service principal here. */
  readonly applications: Set<string>;
  /** When the registration report stopped being made, in ms, and what it showed then; `null`: it is made daily. */
  frozenReport: { readonly at: number; readonly methods: ReadonlyMap<string, readonly string[]> } | null;
  /** Graph keeps the policy results of sign-ins to itself, as from an app that may not read policies. */
  hidesPolicyResults: boolean;
  /** learn.microsoft.com/graph/throttling-limits */
  readonly throttles: {
    /** Identity and access reports: 5 in 10 s. */
    readonly reports: Throttle;
    /** Conditional Access: 1 a second for the whole tenant. */
    readonly conditionalAccess: Throttle;
    /** `signInActivity` of users: 10 a minute. */
    readonly signInActivity: Throttle;
  };
}

export function createTenant(box: Box, options: GraphOptions): Tenant {
  return {
    box,
    options,
    groups: new GroupStore(box.world),
    policies: new PolicyStore(box.world),
    namedLocations: new Map(),
    teams: new TeamStore(box.world),
    mail: new MailStore(box.world),
    securityDefaults: new SecurityDefaults(box.world, options.securityDefaults),
    perUserMfa: new PerUserMfa(box.world),
    atStart: new Map(
      [...box.world.accounts].map(([id, { accountEnabled, perUserMfa, methodsRegistered }]) => [
        id,
        { accountEnabled, perUserMfa, methodsRegistered },
      ]),
    ),
    membershipAudits: [],
    deletedUsers: [],
    accessPasses: new Map(),
    methods: new Set(["Fido2", "MicrosoftAuthenticator", "Sms", "SoftwareOath", "TemporaryAccessPass"]),
    guestTrust: { isMfaAccepted: true },
    applications: new Set(["d4ebce55-015a-49b5-a083-c84d1797ae8c"]),
    frozenReport: null,
    hidesPolicyResults: false,
    throttles: {
      reports: new Throttle(5, 10_000),
      conditionalAccess: new Throttle(1, 1_000),
      signInActivity: new Throttle(10, 60_000),
    },
  };
}
