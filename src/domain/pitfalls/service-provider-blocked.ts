import type { PitfallCheck } from "./pitfall.ts";
import { coversEverything, hasGrant, isEnforced, othersOf } from "./policies.ts";

/** `All users` takes in the service provider's technicians, whose accounts are not in the tenant. */
export const serviceProviderBlocked: PitfallCheck = {
  name: "service_provider_blocked",
  severity: "locks_out",
  mender: "customer_admin",
  acceptable: false,
  heldBy: null,
  remedy:
    "In each of these policies exclude external users of the type service provider, for the provider's tenant. Then call check_tenant.",
  look(facts) {
    const ourTenant = facts.customer.mspTenantId.toLowerCase();
    const blocking = othersOf(facts).filter((policy) => {
      const { excludeServiceProviders: out } = policy.users;
      return (
        isEnforced(policy) && hasGrant(policy) && coversEverything(policy) && out !== "all" && !out.includes(ourTenant)
      );
    });
    if (blocking.length === 0) return null;
    return {
      message: `Enforced policies for all users that take in the service provider's own technicians: ${blocking.length}.`,
      evidence: blocking.map(({ id }) => id),
      affects: "everyone",
    };
  },
};
