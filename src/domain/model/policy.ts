import type { EntraObjectId } from "./ids.ts";
import type { PolicyState } from "./phase.ts";

/**
 * A Conditional Access policy as we draft and compare it: what product rules speak about, in our words. The Entra
 * connector turns it into Graph's JSON and back; anything a live policy has beyond this is named in `unknownParts`.
 */
export interface CaPolicy {
  readonly displayName: string;
  /** Carries our tag `[mfa-rollout:<rollout>:<phase>]`, the marker by which a lost create is found. */
  readonly description: string;
  readonly state: PolicyState;
  readonly includeUsers: "all" | "none";
  readonly includeGroups: readonly EntraObjectId[];
  readonly excludeUsers: readonly EntraObjectId[];
  readonly excludeGroups: readonly EntraObjectId[];
  /** Role template ids. */
  readonly excludeRoles: readonly string[];
  /** Tenant ids whose service-provider (GDAP) users are left out. */
  readonly excludeServiceProviderTenants: readonly string[];
  readonly clientAppTypes: readonly (
    | "all"
    | "browser"
    | "mobileAppsAndDesktopClients"
    | "exchangeActiveSync"
    | "other"
  )[];
  readonly includeApplications: "all" | readonly string[];
  readonly excludeApplications: readonly string[];
  readonly grant: readonly ("mfa" | "block")[];
}

/** A policy as it stands in the tenant. */
export interface LivePolicy extends CaPolicy {
  readonly id: string;
  readonly createdAt: string | null;
  readonly modifiedAt: string | null;
  /** True for policies that Microsoft made and may switch on by itself. */
  readonly microsoftManaged: boolean;
  /** Names of settings we do not model (session controls, locations, …); never empty when the policy does more than we read. */
  readonly unknownParts: readonly string[];
}

/** Directory Synchronization Accounts: role template id, excluded from every user-scoped policy of ours. */
export const DIRECTORY_SYNC_ROLE = "d29b2b05-8046-44ba-8758-1e26182fcf32";
/** On Premises Directory Sync Account: the second role template that Microsoft uses for the same purpose. */
export const ON_PREMISES_SYNC_ROLE = "a92aed5d-d78a-4d16-b381-09adb37eb3b0";

export interface LintFinding {
  readonly rule: string;
  readonly severity: "error" | "warning";
  readonly message: string;
}
