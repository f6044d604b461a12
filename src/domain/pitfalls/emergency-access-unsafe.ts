import { FEWEST_EMERGENCY_ACCOUNTS } from "../rollout/blockers/gate.ts";
import type { EmergencyAccount, PitfallFacts } from "./facts.ts";
import { hasStrongMethod } from "./methods.ts";
import type { PitfallCheck } from "./pitfall.ts";
import { asksForMfa } from "./policies.ts";

/**
 * Two cloud-only accounts with a permanent Global Administrator role, which no policy stops, What-If included.
 *
 * @see https://learn.microsoft.com/entra/identity/role-based-access-control/security-emergency-access
 */
export const emergencyAccessUnsafe: PitfallCheck = {
  name: "emergency_access_unsafe",
  severity: "locks_out",
  mender: "customer_admin",
  acceptable: false,
  heldBy: null,
  remedy:
    "Have at least two enabled, cloud-only accounts on the tenant's onmicrosoft.com domain with Global Administrator assigned for good, and exclude them from every policy. Then call reconcile_users and check_tenant.",
  look(facts) {
    const found = facts.emergency.map((account) => ({ account, faults: faultsOf(account, facts) }));
    const sound = found.filter(({ faults }) => faults.length === 0).length;
    if (sound === found.length && sound >= FEWEST_EMERGENCY_ACCOUNTS) return null;
    return {
      message: `Emergency access accounts that can be relied on: ${sound} of ${found.length}. At least ${FEWEST_EMERGENCY_ACCOUNTS}, and all of those configured, are needed.`,
      evidence: found.flatMap(({ account, faults }) => faults.map((fault) => `${idOf(account)} ${fault}`)),
      affects: "everyone",
    };
  },
};

const idOf = ({ user, upn }: EmergencyAccount): string => user?.account?.objectId ?? upn;

function faultsOf({ user, upn, applied }: EmergencyAccount, facts: PitfallFacts): readonly string[] {
  const account = user?.account ?? null;
  if (user === null || account === null) return ["does not exist"];
  const { globalAdministrators, policies } = facts.survey;
  // MFA alone stops nobody who has a method that answers it: some give these accounts a policy of their own.
  const stops = policies.filter(
    (policy) =>
      applied.includes(policy.id) &&
      policy.controls.length > 0 &&
      (facts.ours.has(policy.id) || !asksForMfa(policy) || policy.needsEvery || !hasStrongMethod(user)),
  );
  return [
    ...(account.enabled ? [] : ["is disabled"]),
    ...(account.onPremisesSynced ? ["is synchronised from on-premises"] : []),
    ...(upn.endsWith(".onmicrosoft.com") ? [] : ["is not on an onmicrosoft.com domain"]),
    ...(globalAdministrators.has(account.objectId) ? [] : ["has no active Global Administrator role"]),
    ...stops.map(({ id }) => `would meet policy ${id}`),
  ];
}
