import type { Account } from "../../world/world.ts";
import type { GroupStore } from "./group-store.ts";
import { locationMismatch, type Place } from "./named-locations.ts";
import type { PolicyBody } from "./policy.ts";
import type { Tenant } from "./tenant.ts";

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
  readonly place: Place | null;
  /** `none` for a sign-in that is not handed from one device to another. */
  readonly transferMethod: string | null;
}

/** Why a policy's conditions leave a sign-in alone, in the words of `whatIfAnalysisReasons`. */
type Mismatch =
  | "users"
  | "application"
  | "userActions"
  | "clientApps"
  | "devicePlatform"
  | "location"
  | "authenticationFlow"
  | "signInRisk"
  | "userRisk"
  | "workloadIdentities"
  | "notEnoughInformation";

/** Resources that the word `Office365` stands for, as far as this company uses them. */
const OFFICE = /^(Office 365|Microsoft (Office|Teams)|SharePoint|Exchange|Teams)/i;
/** Apps of the suite, for who names no resource: Exchange Online, SharePoint Online, Teams. */
const OFFICE_APPS: readonly string[] = [
  "00000002-0000-0ff1-ce00-000000000000",
  "00000003-0000-0ff1-ce00-000000000000",
  "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
];
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
export function mismatch(
  policy: PolicyBody,
  facts: SignInFacts,
  { groups, namedLocations }: Pick<Tenant, "groups" | "namedLocations">,
): Mismatch | null {
  const { conditions } = policy;
  if (conditions.users === null || conditions.clientApplications !== null) return "workloadIdentities";
  if (!meetsUsers(conditions.users, facts.account, groups)) return "users";
  if (conditions.applications === null || !meetsApplications(conditions.applications, facts)) return "application";
  return (
    clientMismatch(conditions.clientAppTypes, facts.clientAppType) ??
    platformMismatch(conditions.platforms, facts.devicePlatform) ??
    locationMismatch(conditions.locations, facts.place, namedLocations) ??
    flowMismatch(conditions.authenticationFlows, facts.transferMethod) ??
    riskMismatch("signInRisk", conditions.signInRiskLevels, facts.signInRiskLevel) ??
    riskMismatch("userRisk", conditions.userRiskLevels, facts.userRiskLevel)
  );
}

type Users = NonNullable<PolicyBody["conditions"]["users"]>;

function meetsUsers(users: Users, account: Account, groups: GroupStore): boolean {
  const kind = guestKind(account);
  const holds = (roles: readonly string[]): boolean => roles.some((role) => account.roles.includes(role));
  const isIn = (ids: readonly string[]): boolean => ids.some((id) => groups.isMember(id, account.id));
  const isAmong = (ids: readonly string[], named: Users["includeGuestsOrExternalUsers"]): boolean =>
    ids.includes(account.id) ||
    (kind !== null && ids.includes("GuestsOrExternalUsers")) ||
    (kind !== null && (named?.guestOrExternalUserTypes.split(",").includes(kind) ?? false));
  const excluded =
    isAmong(users.excludeUsers, users.excludeGuestsOrExternalUsers) ||
    isIn(users.excludeGroups) ||
    holds(users.excludeRoles);
  if (excluded) return false;
  return (
    users.includeUsers.includes("All") ||
    isAmong(users.includeUsers, users.includeGuestsOrExternalUsers) ||
    isIn(users.includeGroups) ||
    holds(users.includeRoles)
  );
}

/**
 * Who was invited from elsewhere has `#EXT#` in the principal name; a guest without was made here. An MSP's technicians
 * are no objects of the tenant. `null`: neither guest nor external.
 *
 * @see learn.microsoft.com/entra/external-id/user-properties
 */
function guestKind({ userPrincipalName, userType }: Account): string | null {
  const isInvited = userPrincipalName.includes("#EXT#");
  if (userType === "Guest") return isInvited ? "b2bCollaborationGuest" : "internalGuest";
  return isInvited ? "b2bCollaborationMember" : null;
}

type Applications = NonNullable<PolicyBody["conditions"]["applications"]>;

function meetsApplications(applications: Applications, { appId, resourceDisplayName }: SignInFacts): boolean {
  const isNamedBy = (name: string): boolean =>
    name === "All" ||
    name === appId ||
    (name === "Office365" && (OFFICE.test(resourceDisplayName ?? "") || OFFICE_APPS.includes(appId))) ||
    (name === "MicrosoftAdminPortals" && ADMIN_PORTALS.includes(appId));
  return applications.includeApplications.some(isNamedBy) && !applications.excludeApplications.some(isNamedBy);
}

function clientMismatch(types: readonly string[], given: ClientAppType | null): Mismatch | null {
  if (types.includes("all")) return null;
  if (given === null) return "notEnoughInformation";
  return types.includes(given) ? null : "clientApps";
}

function platformMismatch(platforms: Readonly<Record<string, unknown>> | null, given: string | null): Mismatch | null {
  const { includePlatforms, excludePlatforms } = platforms ?? {};
  if (!Array.isArray(includePlatforms)) return null;
  const excluded: readonly unknown[] = Array.isArray(excludePlatforms) ? excludePlatforms : [];
  if (includePlatforms.includes("all") && excluded.length === 0) return null;
  if (given === null) return "notEnoughInformation";
  const included = includePlatforms.includes("all") || includePlatforms.includes(given);
  return included && !excluded.includes(given) ? null : "devicePlatform";
}

/** `authenticationFlows.transferMethods` is a flags enumeration, joined by commas. */
function flowMismatch(flows: Readonly<Record<string, unknown>> | null, given: string | null): Mismatch | null {
  const { transferMethods } = flows ?? {};
  if (typeof transferMethods !== "string" || transferMethods === "none") return null;
  if (given === null) return "notEnoughInformation";
  return transferMethods.split(",").includes(given) ? null : "authenticationFlow";
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
