import type { Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { badRequest } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import { readBody } from "./request-body.ts";
import type { Tenant } from "./tenant.ts";

const PATH = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy";

/** Security defaults: they bar enabled Conditional Access policies, and enabled policies bar them. */
export function securityDefaultsRoutes(tenant: Tenant): readonly Route[] {
  return [
    // learn.microsoft.com/graph/api/identitysecuritydefaultsenforcementpolicy-get
    {
      method: "GET",
      path: PATH,
      access: { app: [["Policy.Read.All"]] },
      handle: () => ({
        status: 200,
        body: {
          "@odata.context":
            "https://graph.microsoft.com/v1.0/$metadata#policies/identitySecurityDefaultsEnforcementPolicy/$entity",
          id: "00000000-0000-0000-0000-000000000005",
          displayName: "Security Defaults",
          description: "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
          isEnabled: tenant.securityDefaults.isEnabled,
        },
      }),
    },
    // learn.microsoft.com/graph/api/identitysecuritydefaultsenforcementpolicy-update
    {
      method: "PATCH",
      path: PATH,
      access: { app: [["Policy.Read.All"], ["Policy.ReadWrite.SecurityDefaults"]] },
      handle: (request: VendorRequest) => update(tenant, request),
    },
  ].map((route) => guarded(tenant, route));
}

function update(tenant: Tenant, request: VendorRequest): VendorResponse {
  const isEnabled = readBody(request)?.isEnabled;
  if (typeof isEnabled !== "boolean") return badRequest("isEnabled must be a boolean.");
  if (isEnabled && tenant.policies.latest.some(({ state }) => state === "enabled")) {
    return badRequest("Security defaults cannot be enabled while a Conditional Access policy is enabled.");
  }
  tenant.securityDefaults.set(isEnabled);
  return { status: 204 };
}
