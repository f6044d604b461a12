import { BlockList, isIP } from "node:net";
import { z } from "zod";

const type = <Name extends string>(name: Name) => z.literal(`#microsoft.graph.${name}` as const);

const IpRange = z.strictObject({
  "@odata.type": z.enum(["#microsoft.graph.iPv4CidrRange", "#microsoft.graph.iPv6CidrRange"]),
  cidrAddress: z.string().regex(/^[0-9a-f.:]+\/\d{1,3}$/i),
});

/** learn.microsoft.com/graph/api/resources/namedlocation: by addresses, or by countries. */
export const NamedLocationBody = z.discriminatedUnion("@odata.type", [
  z.strictObject({
    "@odata.type": type("ipNamedLocation"),
    displayName: z.string().min(1),
    isTrusted: z.boolean().default(false),
    ipRanges: z.array(IpRange).min(1),
  }),
  z.strictObject({
    "@odata.type": type("countryNamedLocation"),
    displayName: z.string().min(1),
    countriesAndRegions: z.array(z.string().length(2)).min(1),
    includeUnknownCountriesAndRegions: z.boolean().default(false),
  }),
]);

export type NamedLocation = z.output<typeof NamedLocationBody> & {
  readonly id: string;
  readonly createdDateTime: string;
};

/** Where a sign-in comes from; the country is empty where nobody knows. */
export interface Place {
  readonly ipAddress: string;
  readonly countryOrRegion: string;
}

/**
 * Whether a policy's locations leave a place alone. Exclusion beats inclusion; `AllTrusted` stands for every location
 * that is marked as trusted.
 *
 * @see learn.microsoft.com/entra/identity/conditional-access/concept-assignment-network
 */
export function locationMismatch(
  locations: Readonly<Record<string, unknown>> | null,
  place: Place | null,
  known: ReadonlyMap<string, NamedLocation>,
): "location" | "notEnoughInformation" | null {
  const { includeLocations, excludeLocations } = locations ?? {};
  if (!Array.isArray(includeLocations)) return null;
  const excluded: readonly unknown[] = Array.isArray(excludeLocations) ? excludeLocations : [];
  if (includeLocations.includes("All") && excluded.length === 0) return null;
  if (place === null) return "notEnoughInformation";
  const lies = (name: unknown): boolean => {
    if (name === "All") return true;
    if (name === "AllTrusted") return known.values().some((one) => isTrusted(one) && holds(one, place));
    const location = known.get(String(name));
    return location !== undefined && holds(location, place);
  };
  return includeLocations.some(lies) && !excluded.some(lies) ? null : "location";
}

const isTrusted = (location: NamedLocation): boolean => "isTrusted" in location && location.isTrusted;

function holds(location: NamedLocation, { ipAddress, countryOrRegion }: Place): boolean {
  if ("countriesAndRegions" in location) {
    return countryOrRegion === ""
      ? location.includeUnknownCountriesAndRegions
      : location.countriesAndRegions.includes(countryOrRegion);
  }
  const list = new BlockList();
  for (const { cidrAddress } of location.ipRanges) {
    const [net = "", prefix = ""] = cidrAddress.split("/");
    list.addSubnet(net, Number(prefix), isIP(net) === 6 ? "ipv6" : "ipv4");
  }
  return list.check(ipAddress, isIP(ipAddress) === 6 ? "ipv6" : "ipv4");
}
