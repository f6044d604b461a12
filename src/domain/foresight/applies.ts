import type { EntraObjectId } from "../model/ids.ts";
import type { SignIn } from "../model/signin.ts";
import type { AccessPolicy, Audience, Choice, GuestKind, Membership, NamedLocation } from "./access-policy.ts";
import { isInRange } from "./address-range.ts";

/** Whether a policy's conditions are met. `unknown`: one of them asks for what neither log nor directory tells. */
export type Applies = "yes" | "no" | "unknown";

/** An account as policies see it; whoever is not in the directory is of another tenant. */
export interface Subject {
  readonly objectId: EntraObjectId;
  /** `null`: a member. */
  readonly guest: GuestKind | null;
}

export type ClientAppType = "browser" | "mobileAppsAndDesktopClients" | "exchangeActiveSync" | "other";

/** What a policy's conditions are compared with, apart from the account. */
export type Circumstances = Pick<
  SignIn,
  "appId" | "resourceId" | "resource" | "clientApp" | "protocol" | "platform" | "ipAddress" | "country" | "risk"
>;

/**
 * Whether a policy is for this account at all. Exclusion beats inclusion.
 *
 * @see https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-users-groups
 */
export function isFor(policy: AccessPolicy, subject: Subject, membership: Membership): Applies {
  if (policy.users === null) return "no";
  const included = isAmong(policy.users.include, subject, membership);
  const spared = not(isAmong(policy.users.exclude, subject, membership));
  return all([included, spared]);
}

function isAmong(audience: Audience, subject: Subject, membership: Membership): Applies {
  if (namedBy(audience, subject, membership) !== null) return "yes";
  const maybe = audience.guestsOfTenants && isGuestOf(audience, subject);
  return maybe ? "unknown" : "no"; // The directory does not say which tenant a guest is from.
}

/** The part of an audience by which an account is meant; `id` is the group's or the role's. */
export interface NamedBy {
  readonly part: "everyone" | "user" | "group" | "role" | "guest";
  readonly id: string | null;
}

/** By what an account is surely among an audience, the widest part first; `null`: it is not, or that cannot be told. */
export function namedBy(audience: Audience, subject: Subject, { groups, roles }: Membership): NamedBy | null {
  const { objectId } = subject;
  if (audience.everyone) return { part: "everyone", id: null };
  if (audience.users.includes(objectId)) return { part: "user", id: null };
  const group = audience.groups.find((id) => groups.get(id)?.has(objectId));
  if (group !== undefined) return { part: "group", id: group };
  const role = audience.roles.find((id) => roles.get(id)?.has(objectId));
  if (role !== undefined) return { part: "role", id: role };
  return !audience.guestsOfTenants && isGuestOf(audience, subject) ? { part: "guest", id: null } : null;
}

const isGuestOf = ({ guests }: Audience, { guest }: Subject): boolean => guest !== null && guests.includes(guest);

/**
 * Whether a sign-in meets every other condition of a policy.
 *
 * @see https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions
 */
export function meets(policy: AccessPolicy, signIn: Circumstances, locations: readonly NamedLocation[]): Applies {
  return all([
    meetsApplications(policy.applications, signIn),
    yesIf(policy.clientAppTypes.includes("all") || policy.clientAppTypes.includes(clientAppType(signIn.clientApp))),
    meetsPlatforms(policy.platforms, signIn),
    meetsLocations(policy.locations, signIn, locations),
    meetsRisk(policy.signInRisk, signIn),
    meetsFlows(policy.transferMethods, signIn),
    policy.unread.length === 0 ? "yes" : "unknown",
  ]);
}

/**
 * The kind of client that the log's `clientAppUsed` stands for. Whatever is neither a browser nor a modern client nor
 * Exchange ActiveSync is "other clients", the legacy protocols.
 *
 * @see https://learn.microsoft.com/entra/identity/conditional-access/policy-block-legacy-authentication
 */
export function clientAppType(clientApp: string): ClientAppType {
  const name = clientApp.trim().toLowerCase();
  if (name === "browser") return "browser";
  if (name === "mobile apps and desktop clients") return "mobileAppsAndDesktopClients";
  return name === "exchange activesync" ? "exchangeActiveSync" : "other";
}

/**
 * What the word `MicrosoftAdminPortals` stands for: Azure and Entra, Microsoft 365, Exchange, Defender and Purview.
 *
 * @see https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-cloud-apps
 */
const ADMIN_PORTALS: ReadonlySet<string> = new Set([
  "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
  "00000006-0000-0ff1-ce00-000000000000",
  "497effe9-df71-4043-a8bb-14cf78c4b63b",
  "80ccca67-54bd-44ab-8625-4b79c4dc7775",
]);
/** Resources of the suite `Office365`, by the names that the log shows. @see the same page */
const OFFICE = /^(office ?365|microsoft (office|teams|forms|planner|stream|sway)|sharepoint|exchange|teams|yammer)/i;

function meetsApplications({ include, exclude }: Choice, signIn: Circumstances): Applies {
  const names = (word: string): boolean => {
    if (word === "All") return true;
    if (word === "Office365") return OFFICE.test(signIn.resource);
    if (word === "MicrosoftAdminPortals") return ADMIN_PORTALS.has(signIn.appId);
    return word === signIn.appId || word === signIn.resourceId;
  };
  return yesIf(include.some(names) && !exclude.some(names));
}

function meetsPlatforms(platforms: Choice | null, { platform }: Circumstances): Applies {
  if (platforms === null) return "yes";
  // A platform that Entra does not know is only met by "any device", which excluded platforms do not narrow.
  const names = (word: string): boolean => word === "all" || word === platform;
  return yesIf(platforms.include.some(names) && !platforms.exclude.some(names));
}

/** @see https://learn.microsoft.com/entra/identity/conditional-access/concept-assignment-network */
function meetsLocations(choice: Choice | null, signIn: Circumstances, known: readonly NamedLocation[]): Applies {
  if (choice === null) return "yes";
  if (signIn.ipAddress === null && !onlyWordAll(choice)) return "unknown";
  const names = (word: string): boolean => {
    if (word === "All") return true;
    const meant = known.filter(({ id, trusted }) => (word === "AllTrusted" ? trusted : id === word));
    return meant.some((location) => isAt(location, signIn));
  };
  return yesIf(choice.include.some(names) && !choice.exclude.some(names));
}

const onlyWordAll = ({ include, exclude }: Choice): boolean => include.includes("All") && exclude.length === 0;

function isAt(location: NamedLocation, { ipAddress, country }: Circumstances): boolean {
  if (location.ranges.some((range) => isInRange(ipAddress ?? "", range))) return true;
  return country === null ? location.unknownCountries : location.countries.includes(country);
}

function meetsRisk(levels: readonly string[], { risk }: Circumstances): Applies {
  if (levels.length === 0) return "yes";
  return risk === null ? "unknown" : yesIf(levels.includes(risk));
}

/** The stable log does not name protocols. @see …/concept-authentication-flows */
function meetsFlows(methods: readonly string[], { protocol }: Circumstances): Applies {
  if (methods.length === 0) return "yes";
  if (protocol === null) return "unknown";
  return yesIf(methods.includes("deviceCodeFlow") && protocol === "deviceCode");
}

/** Every one of them; a plain no settles it, whatever else is unknown. */
export function all(conditions: readonly Applies[]): Applies {
  if (conditions.includes("no")) return "no";
  return conditions.includes("unknown") ? "unknown" : "yes";
}

const yesIf = (condition: boolean): Applies => (condition ? "yes" : "no");
const not = (applies: Applies): Applies => (applies === "unknown" ? "unknown" : yesIf(applies === "no"));
