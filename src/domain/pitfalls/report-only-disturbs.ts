import type { PitfallCheck } from "./pitfall.ts";
import { needsDevice, othersOf } from "./policies.ts";

/**
 * Report-only is not without effect: a device control asks people on macOS, iOS and Android for a certificate, and some
 * shared devices then do not sign in at all.
 *
 * @see https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-report-only
 */
export const reportOnlyDisturbs: PitfallCheck = {
  name: "report_only_disturbs",
  severity: "weakens",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Leave macOS, iOS and Android out of these report-only policies, or switch them off. They protect nobody: report-only is not enforced.",
  look(facts) {
    const disturbing = othersOf(facts).filter((policy) => policy.state === "report_only" && needsDevice(policy));
    if (disturbing.length === 0) return null;
    return {
      message: `Report-only policies with a device control, which disturb people and enforce nothing: ${disturbing.length}.`,
      evidence: disturbing.map(({ id }) => id),
      affects: "everyone",
    };
  },
};
