import type { Route } from "../../core/vendor.ts";
import { PASS_POLICY } from "./access-passes.ts";
import { noSuchObject } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import type { Tenant } from "./tenant.ts";

const METHODS = [
  "Fido2",
  "MicrosoftAuthenticator",
  "Sms",
  "TemporaryAccessPass",
  "HardwareOath",
  "SoftwareOath",
  "Voice",
  "Email",
  "X509Certificate",
] as const;

/** Settings of the tenant that bear on MFA beside its policies. */
export function tenantSettingsRoutes(tenant: Tenant): readonly Route[] {
  const read = { app: [["Policy.Read.All"]] };
  return [
    // learn.microsoft.com/graph/api/authenticationmethodspolicy-get
    {
      method: "GET",
      path: "/v1.0/policies/authenticationMethodsPolicy",
      access: read,
      handle: () => ({
        status: 200,
        body: {
          id: "authenticationMethodsPolicy",
          displayName: "Authentication Methods Policy",
          policyMigrationState: "migrationComplete",
          authenticationMethodConfigurations: METHODS.map((id) => ({
            "@odata.type": `#microsoft.graph.${id.charAt(0).toLowerCase()}${id.slice(1)}AuthenticationMethodConfiguration`,
            id,
            state: tenant.methods.has(id) ? "enabled" : "disabled",
            includeTargets: [{ targetType: "group", id: "all_users", isRegistrationRequired: false }],
            excludeTargets: [],
            ...(id === "TemporaryAccessPass" && {
              defaultLifetimeInMinutes: PASS_POLICY.usual,
              defaultLength: PASS_POLICY.length,
              minimumLifetimeInMinutes: PASS_POLICY.minimum,
              maximumLifetimeInMinutes: PASS_POLICY.maximum,
              isUsableOnce: false,
            }),
          })),
        },
      }),
    },
    // learn.microsoft.com/graph/api/crosstenantaccesspolicyconfigurationdefault-get
    {
      method: "GET",
      path: "/v1.0/policies/crossTenantAccessPolicy/default",
      access: read,
      handle: () => ({
        status: 200,
        body: {
          isServiceDefault: !tenant.guestTrust.isMfaAccepted,
          inboundTrust: {
            isMfaAccepted: tenant.guestTrust.isMfaAccepted,
            isCompliantDeviceAccepted: false,
            isHybridAzureADJoinedDeviceAccepted: false,
          },
        },
      }),
    },
    // learn.microsoft.com/graph/api/serviceprincipal-get, by appId
    {
      method: "GET",
      path: "/v1.0/servicePrincipals(appId=':app')",
      access: { app: [["Application.Read.All"]] },
      handle: (_request: unknown, { app = "" }: Readonly<Record<string, string>>) =>
        tenant.applications.has(app)
          ? { status: 200, body: { id: tenant.box.world.guid(`service principal ${app}`) } }
          : noSuchObject(app),
    },
  ].map((route) => guarded(tenant, route));
}
