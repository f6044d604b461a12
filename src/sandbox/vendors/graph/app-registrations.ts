import type { Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { badRequest } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import { select } from "./select.ts";
import type { Tenant } from "./tenant.ts";

/** The app registrations of the tenant, of which there is one at most: ours. */
export function appRegistrationRoutes(tenant: Tenant): readonly Route[] {
  return [
    // learn.microsoft.com/graph/api/application-list
    {
      method: "GET",
      path: "/v1.0/applications",
      access: { app: [["Application.Read.All"]] },
      handle: (request: VendorRequest) => list(tenant, request),
    },
  ].map((route) => guarded(tenant, route));
}

/** A secret's value is never shown again; its first characters are, and when it ends. */
function list({ box: { world, secrets }, options }: Tenant, { url }: VendorRequest): VendorResponse {
  const appId = /^appId eq '([^']*)'$/.exec(url.searchParams.get("$filter") ?? "")?.[1];
  if (appId === undefined) return badRequest("Invalid filter clause.");
  const { clientId, clientSecret } = secrets.entra;
  const application = {
    id: world.guid("app registration"),
    appId: clientId,
    displayName: "mfa-rollout",
    passwordCredentials: [
      {
        keyId: world.guid("client secret"),
        displayName: "mfa-rollout",
        hint: clientSecret.slice(0, 3),
        secretText: null,
        startDateTime: "2026-02-01T00:00:00Z",
        endDateTime: options.secretEndsAt,
      },
    ],
  };
  return {
    status: 200,
    body: { value: options.hasRegistration && appId.toLowerCase() === clientId ? [select(application, url)] : [] },
  };
}
