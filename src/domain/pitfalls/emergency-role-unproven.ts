import type { PitfallCheck } from "./pitfall.ts";

/** Where roles can be activated for hours, an active one proves nothing. */
export const emergencyRoleUnproven: PitfallCheck = {
  name: "emergency_role_unproven",
  severity: "locks_out",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy: "Look in Privileged Identity Management whether the accounts' Global Administrator is active without an end.",
  look({ survey, emergency }) {
    if (!survey.rolesMayBeTemporary) return null;
    return {
      message:
        "The tenant has Privileged Identity Management. Whether the emergency access accounts' role is permanent cannot be seen from here; ask a person.",
      evidence: emergency.map(({ upn, user }) => user?.account?.objectId ?? upn),
      affects: "everyone",
      seen: false,
    };
  },
};
