import { inScope, objectIdsOf } from "./methods.ts";
import type { PitfallCheck } from "./pitfall.ts";

/** Registered is not capable: the methods policy forbids every method that the person has. */
export const methodNotAllowed: PitfallCheck = {
  name: "method_not_allowed",
  severity: "locks_out",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Allow a method that these people have in the authentication methods policy, or have them register another. Then call reconcile_users and check_tenant.",
  look({ roster }) {
    const stranded = inScope(roster).filter(({ registration }) => registration?.registered && !registration.capable);
    if (stranded.length === 0) return null;
    return {
      message: `Users in scope who have registered, but no method that policy allows: ${stranded.length}.`,
      evidence: objectIdsOf(stranded),
      affects: objectIdsOf(stranded),
    };
  },
};
