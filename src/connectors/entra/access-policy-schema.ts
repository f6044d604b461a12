import { z } from "zod";
import {
  type AccessPolicy,
  type Audience,
  type GrantControl,
  type GuestKind,
  NOBODY,
} from "../../domain/foresight/access-policy.ts";
import { entraObjectId } from "../../domain/model/ids.ts";

const texts = z
  .array(z.string())
  .nullish()
  .transform((list): readonly string[] => list ?? []);
const Guests = z
  .object({
    guestOrExternalUserTypes: z.string(),
    externalTenants: z.object({ membershipKind: z.string().nullish() }).nullish(),
  })
  .nullish();

const Users = z.object({
  includeUsers: texts,
  excludeUsers: texts,
  includeGroups: texts,
  excludeGroups: texts,
  includeRoles: texts,
  excludeRoles: texts,
  includeGuestsOrExternalUsers: Guests,
  excludeGuestsOrExternalUsers: Guests,
});

const Conditions = z.looseObject({
  clientAppTypes: texts,
  applications: z.looseObject({ includeApplications: texts, excludeApplications: texts }).nullish(),
  users: Users.nullish(),
  clientApplications: z.unknown(),
  platforms: z.object({ includePlatforms: texts, excludePlatforms: texts }).nullish(),
  locations: z.object({ includeLocations: texts, excludeLocations: texts }).nullish(),
  signInRiskLevels: texts,
  authenticationFlows: z.object({ transferMethods: z.string().nullish() }).nullish(),
});

const Grant = z.object({
  operator: z.string().nullish(),
  builtInControls: texts,
  customAuthenticationFactors: texts,
  termsOfUse: texts,
  authenticationStrength: z.object({ id: z.string() }).nullish(),
});

const STATES = {
  enabledForReportingButNotEnforced: "report_only",
  enabled: "enforced",
  disabled: "disabled",
} as const;

/** A policy of anybody's as Graph gives it, read for what it decides. */
export const GraphAccessPolicy = z
  .object({
    id: z.string().min(1),
    displayName: z.string(),
    state: z.enum(["enabled", "disabled", "enabledForReportingButNotEnforced"]),
    conditions: Conditions,
    grantControls: Grant.nullish(),
  })
  .transform(({ id, displayName, state, conditions, grantControls }): AccessPolicy => {
    const { users, applications, platforms, locations, authenticationFlows } = conditions;
    return {
      id,
      displayName,
      state: STATES[state],
      users: users && !isSet(conditions.clientApplications) ? audiences(users) : null,
      applications: {
        include: (applications?.includeApplications ?? []).map(applicationName),
        exclude: (applications?.excludeApplications ?? []).map(applicationName),
      },
      clientAppTypes: conditions.clientAppTypes,
      platforms: platforms ? { include: platforms.includePlatforms, exclude: platforms.excludePlatforms } : null,
      locations: locations ? { include: locations.includeLocations, exclude: locations.excludeLocations } : null,
      signInRisk: conditions.signInRiskLevels,
      transferMethods: authenticationFlows?.transferMethods?.split(",").filter(Boolean) ?? [],
      grant: grantControls ? grant(grantControls) : null,
      unread: unread(conditions),
    };
  });

const READ: ReadonlySet<string> = new Set([...Object.keys(Conditions.shape), "servicePrincipalRiskLevels"]);

/** Conditions that are set and that we do not read, whatever Microsoft adds next year included. */
function unread(conditions: z.output<typeof Conditions>): readonly string[] {
  const unknown = Object.keys(conditions).filter(
    (name) => !READ.has(name) && !name.includes("@odata.") && isSet(conditions[name]),
  );
  return isSet(conditions.applications?.applicationFilter) ? [...unknown, "applications.applicationFilter"] : unknown;
}

/** Graph writes what is not set as null, an empty list, or an object of such. */
function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.values(value).some(isSet);
  return value !== null && value !== undefined;
}

/** Ids are compared in lower case; the words that stand for more than one application are kept as they are. */
const applicationName = (name: string): string => (/^[0-9a-f-]{36}$/i.test(name) ? name.toLowerCase() : name);

const GUESTS_WORD = "GuestsOrExternalUsers";
const GUEST_KINDS: readonly GuestKind[] = [
  "internalGuest",
  "b2bCollaborationGuest",
  "b2bCollaborationMember",
  "b2bDirectConnectUser",
  "otherExternalUser",
  "serviceProvider",
];

function audiences(users: z.output<typeof Users>): NonNullable<AccessPolicy["users"]> {
  const side = (
    ids: readonly string[],
    more: Pick<Audience, "groups" | "roles">,
    named: z.output<typeof Guests>,
  ): Audience => ({
    ...NOBODY,
    everyone: ids.includes("All"),
    users: ids.map(entraObjectId),
    groups: more.groups.map(entraObjectId),
    roles: more.roles.map((role) => role.toLowerCase()),
    guests: ids.includes(GUESTS_WORD) ? GUEST_KINDS : guestKinds(named?.guestOrExternalUserTypes ?? ""),
    guestsOfTenants: !ids.includes(GUESTS_WORD) && named?.externalTenants?.membershipKind === "enumerated",
  });
  return {
    include: side(
      users.includeUsers,
      { groups: users.includeGroups, roles: users.includeRoles },
      users.includeGuestsOrExternalUsers,
    ),
    exclude: side(
      users.excludeUsers,
      { groups: users.excludeGroups, roles: users.excludeRoles },
      users.excludeGuestsOrExternalUsers,
    ),
  };
}

function guestKinds(flags: string): readonly GuestKind[] {
  const named = flags.split(",").map((flag) => flag.trim());
  return GUEST_KINDS.filter((kind) => named.includes(kind));
}

/** Built-in strengths have the same ids in every tenant. @see …/graph/api/resources/authenticationstrengthpolicy */
const STRENGTHS: Readonly<Record<string, GrantControl>> = {
  "00000000-0000-0000-0000-000000000002": "mfa",
  "00000000-0000-0000-0000-000000000003": "passwordless",
  "00000000-0000-0000-0000-000000000004": "phishing_resistant",
};
const KNOWN_CONTROLS: readonly GrantControl[] = ["mfa", "block", "compliantDevice", "domainJoinedDevice"];

function grant(grantControls: z.output<typeof Grant>): AccessPolicy["grant"] {
  const { builtInControls, authenticationStrength, customAuthenticationFactors, termsOfUse } = grantControls;
  const controls = [
    ...builtInControls.map((name): GrantControl => KNOWN_CONTROLS.find((control) => control === name) ?? "other"),
    ...(authenticationStrength ? [STRENGTHS[authenticationStrength.id] ?? ("other" as const)] : []),
    ...[...customAuthenticationFactors, ...termsOfUse].map((): GrantControl => "other"),
  ];
  return controls.length === 0 ? null : { operator: grantControls.operator === "AND" ? "AND" : "OR", controls };
}
