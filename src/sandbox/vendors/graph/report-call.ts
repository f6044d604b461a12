import { tooManyRequests } from "./graph-error.ts";
import type { GuardedRoute } from "./guarded-route.ts";
import type { Tenant } from "./tenant.ts";
import { NOT_PREMIUM } from "./users.ts";

/** Identity and access reports: they need a premium tenant, and take 5 requests in 10 s together. */
export function reportCall(tenant: Tenant, answer: GuardedRoute["handle"]): GuardedRoute["handle"] {
  return (request, parameters, caller) => {
    if (!tenant.options.premium) return NOT_PREMIUM;
    const waitMs = tenant.throttles.reports.waitFor(tenant.box.world.now());
    return waitMs === 0 ? answer(request, parameters, caller) : tooManyRequests(waitMs / 1000);
  };
}
