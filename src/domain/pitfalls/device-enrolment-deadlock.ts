import type { PitfallCheck } from "./pitfall.ts";
import { isEnforced, needsDevice, othersOf } from "./policies.ts";

/** Microsoft Intune Enrollment: the same id in every tenant. */
const INTUNE_ENROLMENT = "d4ebce55-015a-49b5-a083-c84d1797ae8c";

/**
 * A device has to be compliant before it may enrol, and enrol before it can be compliant.
 *
 * @see https://learn.microsoft.com/mem/intune/enrollment/multi-factor-authentication
 */
export const deviceEnrolmentDeadlock: PitfallCheck = {
  name: "device_enrolment_deadlock",
  severity: "locks_out",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Exclude Microsoft Intune Enrollment from each of these policies; where the tenant lacks that application, create its service principal first. Then call check_tenant.",
  look(facts) {
    const deadlocked = othersOf(facts).filter(
      (policy) =>
        isEnforced(policy) && needsDevice(policy) && policy.apps.all && !policy.apps.exclude.includes(INTUNE_ENROLMENT),
    );
    if (deadlocked.length === 0) return null;
    const missing = facts.survey.intuneEnrolmentAppExists ? "" : " The application is missing from the tenant.";
    return {
      message: `Enforced policies that want a managed device for all applications, enrolment included: ${deadlocked.length}.${missing}`,
      evidence: deadlocked.map(({ id }) => id),
      affects: "everyone",
    };
  },
};
