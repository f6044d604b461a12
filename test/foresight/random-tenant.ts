import type { Luck } from "../../src/sandbox/world/luck.ts";
import { type Named, randomPolicy } from "./random-policies.ts";
import type { StillTenant } from "./still-tenant.ts";

const OBJECTS = "https://graph.microsoft.com/v1.0/directoryObjects/";
const POLICIES = "/v1.0/identity/conditionalAccess/policies";
const MOST_BOUND = 20;

/** Groups of people, the later ones nesting earlier ones, and places; returns what policies can name. */
export async function fillTenant(luck: Luck, { world, ask }: StillTenant): Promise<Named> {
  const accounts = [...world.accounts.keys()];
  const groups: string[] = [];
  for (let n = 0; n < luck.between(1, 5, "groups"); n += 1) {
    const direct = accounts.filter((id) => luck.chance(`group ${n} ${id}`) < 0.35);
    const nested = groups.filter((id) => luck.chance(`group ${n} nests ${id}`) < 0.4);
    groups.push(await makeGroup(ask, `group${n}`, [...direct, ...nested]));
  }
  const locations: string[] = [];
  for (let n = 0; n < luck.between(0, 2, "locations"); n += 1) {
    const place = luck.chance(`location ${n}`) < 0.6 ? randomRange(luck, n) : randomCountry(luck, n);
    const { id } = await ask("POST", "/v1.0/identity/conditionalAccess/namedLocations", place);
    locations.push(String(id));
  }
  return { accounts, groups, locations };
}

export async function makeGroup(ask: StillTenant["ask"], name: string, members: readonly string[]): Promise<string> {
  const { id } = await ask("POST", "/v1.0/groups", {
    displayName: name,
    mailNickname: name,
    mailEnabled: false,
    securityEnabled: true,
  });
  for (let from = 0; from < members.length; from += MOST_BOUND) {
    const bound = members.slice(from, from + MOST_BOUND).map((member) => `${OBJECTS}${member}`);
    await ask("PATCH", `/v1.0/groups/${id}`, { "members@odata.bind": bound });
  }
  return String(id);
}

const randomRange = (luck: Luck, n: number): object => ({
  "@odata.type": "#microsoft.graph.ipNamedLocation",
  displayName: `Office ${n}`,
  isTrusted: luck.chance(`location ${n} trusted`) < 0.6,
  ipRanges: [
    { "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress: "203.0.113.0/25" },
    { "@odata.type": "#microsoft.graph.iPv6CidrRange", cidrAddress: "2001:db8:1::/48" },
  ],
});

const randomCountry = (luck: Luck, n: number): object => ({
  "@odata.type": "#microsoft.graph.countryNamedLocation",
  displayName: `Country ${n}`,
  countriesAndRegions: [luck.pick(["US", "DE"], `location ${n} country`)],
  includeUnknownCountriesAndRegions: false,
});

/** Policies of the customer's own; the ids of those that are switched on only after people have signed in. */
export async function addPolicies(luck: Luck, { ask }: StillTenant, named: Named): Promise<readonly string[]> {
  const late: string[] = [];
  for (let n = 0; n < luck.between(0, 3, "policies"); n += 1) {
    const isLate = luck.chance(`policy ${n} late`) < 0.3;
    const state = isLate || luck.chance(`policy ${n} off`) < 0.2 ? "disabled" : "enabled";
    const policy = randomPolicy(luck, `policy ${n}`, { named, tells: isLate });
    const { id } = await ask("POST", POLICIES, { ...policy, state });
    if (isLate) late.push(String(id));
  }
  return late;
}

export const setState = (ask: StillTenant["ask"], id: string, state: string): Promise<unknown> =>
  ask("PATCH", `${POLICIES}/${id}`, { state });

export const postPolicy = async (ask: StillTenant["ask"], policy: object): Promise<string> =>
  String((await ask("POST", POLICIES, policy)).id);
