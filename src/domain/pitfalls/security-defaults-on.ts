import type { PitfallCheck } from "./pitfall.ts";

/** Graph refuses an enforced policy while they are on. Off too early, the tenant stands open. */
export const securityDefaultsOn: PitfallCheck = {
  name: "security_defaults_on",
  severity: "breaks_work",
  mender: "customer_admin",
  acceptable: false,
  heldBy: null,
  remedy:
    "On the day of the first enforcement turn security defaults off, then at once call check_tenant and enforce, so that no gap opens. Microsoft may then add policies of its own.",
  look: ({ survey }) =>
    survey.securityDefaultsEnabled
      ? {
          message: "Security defaults are on, and Entra enables no Conditional Access policy beside them.",
          evidence: [],
          affects: "everyone",
        }
      : null,
};
