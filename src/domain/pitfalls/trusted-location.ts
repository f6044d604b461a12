import type { PitfallCheck } from "./pitfall.ts";
import { asksForMfa, isEnforced, othersOf } from "./policies.ts";

/** Who is never prompted at the office never registers, and is prompted for the first time when at home. */
export const trustedLocation: PitfallCheck = {
  name: "trusted_location",
  severity: "weakens",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Have people register before their phase, then take the location out of the policy's exclusions, or tell the insurer that sign-ins from there need no MFA.",
  look(facts) {
    const exempting = othersOf(facts).filter(
      (policy) => isEnforced(policy) && asksForMfa(policy) && policy.locations.exclude.length > 0,
    );
    if (exempting.length === 0) return null;
    return {
      message: `Enforced MFA policies that ask nobody who comes from a trusted location: ${exempting.length}.`,
      evidence: exempting.map(({ id }) => id),
      affects: "everyone",
    };
  },
};
