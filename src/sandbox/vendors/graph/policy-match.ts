import type { Account } from "../../world/world.ts";
import type { GroupStore } from "./group-store.ts";
import type { PolicyBody } from "./policy.ts";

export type ClientAppType = "browser" | "mobileAppsAndDesktopClients" | "exchangeActiveSync" | "other";

/** What a policy's conditions are compared with. `null`: not told. */
export interface SignInFacts {
  readonly account: Account;
  readonly clientAppType: ClientAppType | null;
  readonly appId: string;
  readonly resourceDisplayName: string | null;
  readonly devicePlatform: string | null;
  readonly userRiskLevel: string | null;
  readonly signInRiskLevel: string | null;
}

/** Why a policy's conditions leave a sign-in alone, in the words of `whatIfAnalysisReasons`. */
type Mismatch =
  | "users"
  | "application"
  | "userActions"
  | "clientApps"
  | "devicePlatform"
  | "signInRisk"
  | "userRisk"
  | "workloadIdentities"
  | "notEnoughInformation";

/** Resources that the word `Office365` stands for, as far as this company uses them. */
const OFFICE = /^(Office 365|Microsoft (Office|Teams|Graph)|SharePoint|Exchange|Teams)/i;
/** Apps that the word `MicrosoftAdminPortals` stands for. */
const ADMIN_PORTALS: readonly string[] = [
  "c44b4083-3bb0-49c1-b47d-974e53cbdf3c", // Azure portal
  "00000006-0000-0ff1-ce00-000000000000", // Microsoft 365 admin center
];

/**
 * `null` when every condition of the policy is met, else the first that is not. Exclusion beats inclusion, groups count
 * with those nested in them, and a policy for users never meets a service principal.
 *
 * @see learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-users-groups
 */
export function mismatch(policy: PolicyBody, facts: SignInFacts, groups: GroupStore): Mismatch | null {
  const { conditions } = policy;
  if (conditions.users === null || conditions.clientApplications !== null) return "workloadIdentities";
  if (!meetsUsers(conditions.users, facts.account, groups)) return "users";
  if (conditions.applications === null || !meetsApplications(conditions.applications, facts)) return "application";
  return (
    clientMismatch(conditions.clientAppTypes, facts.clientAppType) ??
    platformMismatch(conditions.platforms, facts.devicePlatform) ??
    riskMismatch("signInRisk", conditions.signInRiskLevels, facts.signInRiskLevel) ??
    riskMismatch("userRisk", conditions.userRiskLevels, facts.userRiskLevel)
  );
}

type Users = NonNullable<PolicyBody["conditions"]["users"]>;

function meetsUsers(users: Users, account: Account, groups: GroupStore): boolean {
  const isGuest = account.userType === "Guest";
  const holds = (roles: readonly string[]): boolean => roles.some((role) => account.roles.includes(role));
  const isIn = (ids: readonly string[]): boolean => ids.some((id) => groups.isMember(id, account.id));
  const excluded =
    users.excludeUsers.includes(account.id) ||
    (isGuest && users.excludeUsers.includes("GuestsOrExternalUsers")) ||
    isIn(users.excludeGroups) ||
    holds(users.excludeRoles) ||
    isNamedGuest(users.excludeGuestsOrExternalUsers, isGuest);
  if (excluded) return false;
  return (
    users.includeUsers.includes("All") ||
    users.includeUsers.includes(account.id) ||
    (isGuest && users.includeUsers.includes("GuestsOrExternalUsers")) ||
    isIn(users.includeGroups) ||
    holds(users.includeRoles) ||
    isNamedGuest(users.includeGuestsOrExternalUsers, isGuest)
  );
}

/** The tenant's guests are all of one kind: invited by mail. An MSP's technicians are no objects of the tenant. */
function isNamedGuest(named: Users["includeGuestsOrExternalUsers"], isGuest: boolean): boolean {
  return isGuest && (named?.guestOrExternalUserTypes.split(",").includes("b2bCollaborationGuest") ?? false);
}

type Applications = NonNullable<PolicyBody["conditions"]["applications"]>;

function meetsApplications(applications: Applications, { appId, resourceDisplayName }: SignInFacts): boolean {
  const isNamedBy = (name: string): boolean =>
    name === "All" ||
    name === appId ||
    (name === "Office365" && OFFICE.test(resourceDisplayName ?? "")) ||
    (name === "MicrosoftAdminPortals" && ADMIN_PORTALS.includes(appId));
  return applications.includeApplications.some(isNamedBy) && !applications.excludeApplications.some(isNamedBy);
}

function clientMismatch(types: readonly string[], given: ClientAppType | null): Mismatch | null {
  if (types.includes("all")) return null;
  if (given === null) return "notEnoughInformation";
  return types.includes(given) ? null : "clientApps";
}

function platformMismatch(platforms: Readonly<Record<string, unknown>> | null, given: string | null): Mismatch | null {
  const { includePlatforms } = platforms ?? {};
  if (!Array.isArray(includePlatforms) || includePlatforms.includes("all")) return null;
  if (given === null) return "notEnoughInformation";
  return includePlatforms.includes(given) ? null : "devicePlatform";
}

function riskMismatch(
  name: "signInRisk" | "userRisk",
  levels: readonly string[],
  given: string | null,
): Mismatch | null {
  if (levels.length === 0) return null;
  if (given === null) return "notEnoughInformation";
  return levels.includes(given) ? null : name;
}
