import type { CompanyProfile } from "../company-profile.ts";
import { BRIGHTWATER } from "./brightwater.ts";
import { LARKFIELD } from "./larkfield.ts";
import { LARKFIELD_SHOP } from "./larkfield-shop.ts";

const PROFILES: readonly CompanyProfile[] = [LARKFIELD, LARKFIELD_SHOP, BRIGHTWATER];

/** @throws {RangeError} there is no such company. */
export function profileOf(slug: string): CompanyProfile {
  const profile = PROFILES.find((candidate) => candidate.slug === slug);
  if (profile === undefined) throw new RangeError(`there is no company ${slug}`);
  return profile;
}
