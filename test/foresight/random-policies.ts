import type { Luck } from "../../src/sandbox/world/luck.ts";
import { APPS } from "./random-habits.ts";
import { ROLES } from "./random-people.ts";

/** What there is in a tenant that policies can name. */
export interface Named {
  readonly accounts: readonly string[];
  readonly groups: readonly string[];
  readonly locations: readonly string[];
}

const ROLE_IDS = [
  ROLES.globalAdministrator,
  ROLES.userAdministrator,
  ROLES.directorySync,
  ROLES.onPremisesSync,
] as const;

/** Some of the items, each with this share. */
const some = <Item>(luck: Luck, items: readonly Item[], { share, key }: { share: number; key: string }): Item[] =>
  items.filter((_, n) => luck.chance(`${key} ${n}`) < share);

/**
 * A policy as an administrator would POST it. `tells`: only conditions that the log tells afterwards, for a policy that
 * was not in force when people signed in.
 */
export function randomPolicy(luck: Luck, key: string, { named, tells }: { named: Named; tells: boolean }): object {
  return {
    displayName: `Policy ${key}`,
    conditions: {
      clientAppTypes: randomClientTypes(luck, key),
      applications: randomApplications(luck, key),
      users: randomUsers(luck, key, named),
      ...(luck.chance(`${key} platforms`) < 0.15 && { platforms: randomPlatforms(luck, key) }),
      ...(luck.chance(`${key} places`) < 0.25 && { locations: randomPlaces(luck, key, named) }),
      ...(luck.chance(`${key} risk`) < 0.06 && { signInRiskLevels: ["high", "medium"] }),
      ...(!tells && luck.chance(`${key} user risk`) < 0.06 && { userRiskLevels: ["high"] }),
      ...(!tells &&
        luck.chance(`${key} flows`) < 0.08 && { authenticationFlows: { transferMethods: "deviceCodeFlow" } }),
    },
    grantControls: randomGrant(luck, key),
  };
}

function randomClientTypes(luck: Luck, key: string): readonly string[] {
  const drawn = luck.chance(`${key} client types`);
  if (drawn < 0.7) return ["all"];
  if (drawn < 0.85) return ["exchangeActiveSync", "other"];
  return ["browser", "mobileAppsAndDesktopClients"];
}

function randomApplications(luck: Luck, key: string): object {
  const drawn = luck.chance(`${key} applications`);
  const ids = APPS.map(([id]) => id);
  const excludeApplications = some(luck, ids, { share: 0.08, key: `${key} spared application` });
  if (drawn < 0.6) return { includeApplications: ["All"], excludeApplications };
  if (drawn < 0.75) return { includeApplications: ["Office365"], excludeApplications };
  if (drawn < 0.85) return { includeApplications: ["MicrosoftAdminPortals"] };
  const includeApplications = some(luck, ids, { share: 0.5, key: `${key} application` });
  return { includeApplications: includeApplications.length > 0 ? includeApplications : ["None"] };
}

function randomUsers(luck: Luck, key: string, { accounts, groups }: Named): object {
  const drawn = luck.chance(`${key} users`);
  const excluded = {
    excludeUsers: [
      ...some(luck, accounts, { share: 0.06, key: `${key} spared` }),
      ...(luck.chance(`${key} spares guests`) < 0.1 ? ["GuestsOrExternalUsers"] : []),
    ],
    excludeGroups: some(luck, groups, { share: 0.15, key: `${key} spared group` }),
    excludeRoles: some(luck, ROLE_IDS, { share: 0.1, key: `${key} spared role` }),
    ...(luck.chance(`${key} spares kinds`) < 0.15 && {
      excludeGuestsOrExternalUsers: {
        guestOrExternalUserTypes: luck.pick(
          ["internalGuest,b2bCollaborationGuest", "b2bCollaborationMember", "serviceProvider"],
          `${key} kinds`,
        ),
        externalTenants: {
          "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants",
          membershipKind: "all",
        },
      },
    }),
  };
  if (drawn < 0.45) return { includeUsers: ["All"], ...excluded };
  if (drawn < 0.75) {
    const includeGroups = some(luck, groups, { share: 0.4, key: `${key} group` });
    return { ...(includeGroups.length > 0 ? { includeGroups } : { includeUsers: ["None"] }), ...excluded };
  }
  if (drawn < 0.85) return { includeRoles: [luck.pick(ROLE_IDS, `${key} role`)], ...excluded };
  if (drawn < 0.92) return { includeUsers: ["GuestsOrExternalUsers"], ...excluded };
  const includeUsers = some(luck, accounts, { share: 0.4, key: `${key} user` });
  return { includeUsers: includeUsers.length > 0 ? includeUsers : ["None"], ...excluded };
}

const randomPlatforms = (luck: Luck, key: string): object => ({
  includePlatforms: luck.pick([["all"], ["windows", "macOS"], ["iOS", "android"]], `${key} platform`),
  excludePlatforms: luck.pick([[], ["linux"], ["iOS"]], `${key} spared platform`),
});

function randomPlaces(luck: Luck, key: string, { locations }: Named): object {
  const drawn = luck.chance(`${key} place`);
  const [first, ...more] = locations;
  if (drawn < 0.4 || first === undefined) return { includeLocations: ["All"], excludeLocations: ["AllTrusted"] };
  if (drawn < 0.7)
    return { includeLocations: ["All"], excludeLocations: [luck.pick([first, ...more], `${key} spared place`)] };
  return { includeLocations: [luck.pick([first, ...more], `${key} named place`)], excludeLocations: [] };
}

function randomGrant(luck: Luck, key: string): object {
  const drawn = luck.chance(`${key} grant`);
  const none = { customAuthenticationFactors: [], termsOfUse: [] };
  if (drawn < 0.5) return { operator: "OR", builtInControls: ["mfa"], ...none };
  if (drawn < 0.6) return { operator: "OR", builtInControls: ["block"], ...none };
  if (drawn < 0.7) {
    const id = `00000000-0000-0000-0000-00000000000${luck.between(2, 4, `${key} strength`)}`;
    return { operator: "OR", builtInControls: [], authenticationStrength: { id }, ...none };
  }
  const operator = luck.chance(`${key} operator`) < 0.5 ? "AND" : "OR";
  const builtInControls = luck.pick(
    [
      ["mfa", "compliantDevice"],
      ["compliantDevice"],
      ["mfa", "domainJoinedDevice"],
      ["compliantDevice", "domainJoinedDevice"],
    ],
    `${key} controls`,
  );
  return { operator, builtInControls, ...none };
}
