import { z } from "zod";
import type { NamedLocation } from "../../domain/foresight/access-policy.ts";

/** A named location by address or by country. @see https://learn.microsoft.com/graph/api/resources/namedlocation */
export const GraphNamedLocation = z
  .object({
    id: z.string().min(1),
    isTrusted: z.boolean().nullish(),
    ipRanges: z.array(z.object({ cidrAddress: z.string() })).nullish(),
    countriesAndRegions: z.array(z.string()).nullish(),
    includeUnknownCountriesAndRegions: z.boolean().nullish(),
  })
  .transform(
    (location): NamedLocation => ({
      id: location.id,
      trusted: location.isTrusted === true,
      ranges: (location.ipRanges ?? []).map(({ cidrAddress }) => cidrAddress),
      countries: location.countriesAndRegions ?? [],
      unknownCountries: location.includeUnknownCountriesAndRegions === true,
    }),
  );
