import { hasStrongMethod } from "./methods.ts";
import type { PitfallCheck } from "./pitfall.ts";

/**
 * Microsoft's portals ask these accounts for MFA whatever the policies say. A certificate does as well as a passkey, and
 * the registration report does not show certificates, so a person may vouch for one.
 *
 * @see https://learn.microsoft.com/entra/identity/authentication/concept-mandatory-multifactor-authentication
 */
export const emergencyAccessNoMethod: PitfallCheck = {
  name: "emergency_access_no_method",
  severity: "locks_out",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Register a FIDO2 security key or passkey for each emergency access account and keep the exclusion. If one signs in with a certificate, have a person confirm it with resolve_finding.",
  look({ emergency }) {
    const without = emergency.flatMap(({ user }) => (user?.account && !hasStrongMethod(user) ? user.account : []));
    if (without.length === 0) return null;
    return {
      message: `Emergency access accounts without a passkey or security key in the registration report: ${without.length}. Microsoft's portals would turn them away.`,
      evidence: without.map(({ objectId }) => objectId),
      affects: "everyone",
    };
  },
};
