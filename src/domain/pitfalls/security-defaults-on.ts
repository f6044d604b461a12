import type { PitfallCheck } from "./pitfall.ts";

/**
 * Graph refuses an enforced policy while they are on. Off too early, the tenant stands open. Where the rollout replaces
 * them itself, it does so right before the first enforcement, and they hold up nothing.
 */
export const securityDefaultsOn: PitfallCheck = {
  name: "security_defaults_on",
  severity: "breaks_work",
  mender: "customer_admin",
  acceptable: false,
  heldBy: null,
  remedy:
    "Where the customer's file says replace_legacy_mfa, apply_ca_policy replaces them with state bridge. Else, on the day of the first enforcement, turn security defaults off, then at once call check_tenant and enforce, so that no gap opens. Microsoft may then add policies of its own.",
  look: ({ survey, customer }) =>
    survey.securityDefaultsEnabled
      ? {
          message: "Security defaults are on, and Entra enables no Conditional Access policy beside them.",
          evidence: [],
          affects: customer.replacesLegacyMfa ? "nobody" : "everyone",
        }
      : null,
};
