import type { Route } from "../../core/vendor.ts";
import { guarded } from "./guarded-route.ts";
import type { Json } from "./request-body.ts";
import type { Tenant } from "./tenant.ts";

/** learn.microsoft.com/entra/identity/users/licensing-service-plan-reference */
const ENTRA_P1 = { servicePlanId: "41781fb2-bc02-4b7c-bd55-b576c07bb09d", servicePlanName: "AAD_PREMIUM" };
const EXCHANGE = { servicePlanId: "9aaf7827-d63c-4b61-89c3-182f06f82e5c", servicePlanName: "EXCHANGE_S_STANDARD" };

/** What the company buys. A tenant without Entra ID P1 has the bundle one size smaller. */
const PRODUCTS: Readonly<Record<string, { readonly name: string; readonly smaller: string; readonly hasP1: boolean }>> =
  {
    "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46": { name: "SPB", smaller: "O365_BUSINESS_PREMIUM", hasP1: true },
    "66b55226-6b4f-492c-910c-a3b7a3c9d993": { name: "SPE_F1", smaller: "DESKLESSPACK", hasP1: true },
    "4cde982a-ede4-4409-9ae6-b003453c8ea6": {
      name: "Microsoft_Teams_Rooms_Pro",
      smaller: "Microsoft_Teams_Rooms_Pro",
      hasP1: true,
    },
    "4b9405b0-7788-4568-add1-99614e613b69": { name: "EXCHANGESTANDARD", smaller: "EXCHANGESTANDARD", hasP1: false },
  };

/** The tenant itself and what it has bought. */
export function organizationRoutes(tenant: Tenant): readonly Route[] {
  const { world } = tenant.box;
  return [
    // learn.microsoft.com/graph/api/organization-list
    {
      method: "GET",
      path: "/v1.0/organization",
      access: { app: [["User.Read.All", "Organization.Read.All"]] },
      handle: () => ({
        status: 200,
        body: {
          value: [
            {
              id: world.tenantId,
              displayName: world.settings.company,
              tenantType: "AAD",
              verifiedDomains: [world.tenantDomain, world.mailDomain].map((name, index) => ({
                capabilities: "Email, OfficeCommunicationsOnline",
                isDefault: index === 1,
                isInitial: index === 0,
                name,
                type: "Managed",
              })),
            },
          ],
        },
      }),
    },
    // learn.microsoft.com/graph/api/subscribedsku-list
    {
      method: "GET",
      path: "/v1.0/subscribedSkus",
      access: { app: [["LicenseAssignment.Read.All", "Organization.Read.All"]] },
      handle: () => ({ status: 200, body: { value: subscriptions(tenant) } }),
    },
  ].map((route) => guarded(tenant, route));
}

function subscriptions({ box: { world }, options }: Tenant): readonly Json[] {
  const used = new Map<string, number>();
  for (const { assignedLicenses } of world.accounts.values()) {
    for (const sku of assignedLicenses) used.set(sku, (used.get(sku) ?? 0) + 1);
  }
  return [...used].map(([skuId, consumedUnits]): Json => {
    const product = PRODUCTS[skuId];
    const plans = product?.hasP1 && options.premium ? [EXCHANGE, ENTRA_P1] : [EXCHANGE];
    return {
      id: `${world.tenantId}_${skuId}`,
      skuId,
      skuPartNumber: (options.premium ? product?.name : product?.smaller) ?? "O365_BUSINESS",
      appliesTo: "User",
      capabilityStatus: "Enabled",
      consumedUnits,
      prepaidUnits: { enabled: consumedUnits + 10, suspended: 0, warning: 0, lockedOut: 0 },
      servicePlans: plans.map((plan) => ({ ...plan, appliesTo: "User", provisioningStatus: "Success" })),
    };
  });
}
