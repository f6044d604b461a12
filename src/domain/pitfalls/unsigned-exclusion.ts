import { inScope, objectIdsOf } from "./methods.ts";
import type { PitfallCheck } from "./pitfall.ts";
import { asksForMfa, othersOf } from "./policies.ts";

/** An owner or director who was left out by name, without an exception that the customer has signed. */
export const unsignedExclusion: PitfallCheck = {
  name: "unsigned_exclusion",
  severity: "weakens",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Put the names before the customer: take them out of the policy's exclusions, or record a signed exception with classify_exceptions.",
  look(facts) {
    const scope = new Set(objectIdsOf(inScope(facts.roster)));
    const left = othersOf(facts)
      .filter((policy) => policy.state !== "disabled" && asksForMfa(policy))
      .flatMap(({ id, users }) => users.exclude.filter((user) => scope.has(user)).map((user) => `${user} in ${id}`));
    if (left.length === 0) return null;
    return {
      message: `Users left out of MFA policies by name, without a signed exception: ${left.length}.`,
      evidence: left,
      affects: "everyone",
    };
  },
};
