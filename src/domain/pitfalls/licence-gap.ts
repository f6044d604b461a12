import { inScope, objectIdsOf } from "./methods.ts";
import type { PitfallCheck } from "./pitfall.ts";

/** Conditional Access needs Entra ID P1 for each user it covers; without it the report says nothing of them. */
export const licenceGap: PitfallCheck = {
  name: "licence_gap",
  severity: "weakens",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Assign a licence with Entra ID P1 to these accounts, or carve them out. Then call reconcile_users and check_tenant.",
  look({ survey, roster }) {
    const without = objectIdsOf(inScope(roster)).filter((id) => survey.accounts.get(id)?.premium !== true);
    if (without.length === 0) return null;
    return {
      message: `Users in scope without a licence that has Entra ID P1, of whom the report may say nothing: ${without.length}.`,
      evidence: without,
      affects: without,
    };
  },
};
