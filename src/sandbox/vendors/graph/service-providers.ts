import type { PathParameters, Route, VendorRequest } from "../../core/vendor.ts";
import { noSuchObject } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import type { Tenant } from "./tenant.ts";

/** The tenants that this one has an agreement with: the MSP, where a GDAP relationship is in force. */
export function serviceProviderRoutes(tenant: Tenant): readonly Route[] {
  return [
    // learn.microsoft.com/graph/api/crosstenantaccesspolicyconfigurationpartner-get
    guarded(tenant, {
      method: "GET",
      path: "/v1.0/policies/crossTenantAccessPolicy/partners/:partner",
      access: { app: [["Policy.Read.All"]] },
      handle: (_request: VendorRequest, { partner = "" }: PathParameters) =>
        tenant.options.hasServiceProvider && partner === tenant.box.secrets.mspTenantId
          ? { status: 200, body: { tenantId: partner, isServiceProvider: true, isInMultiTenantOrganization: false } }
          : noSuchObject(partner),
    }),
  ];
}
