import { inScope } from "./methods.ts";
import type { PitfallCheck } from "./pitfall.ts";
import { isEnforced, othersOf } from "./policies.ts";

/**
 * A policy on the user action "register security information": who is elsewhere, on another device or without MFA
 * cannot register, and so never gets in.
 *
 * @see https://learn.microsoft.com/entra/identity/conditional-access/policy-all-users-security-info-registration
 */
export const registrationRestricted: PitfallCheck = {
  name: "registration_restricted",
  severity: "locks_out",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Suspend the policy for the rollout, or call issue_access_pass for those who cannot meet it, before their phase. Then call check_tenant.",
  look(facts) {
    const restricting = othersOf(facts).filter((policy) => isEnforced(policy) && policy.apps.securityInfo);
    const unregistered = inScope(facts.roster).filter(({ registration }) => registration?.registered !== true);
    if (restricting.length === 0 || unregistered.length === 0) return null;
    return {
      message: `Enforced policies that restrict where security information is registered: ${restricting.length}. Users in scope who have yet to register: ${unregistered.length}.`,
      evidence: restricting.map(({ id }) => id),
      affects: "everyone",
    };
  },
};
