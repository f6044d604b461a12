import { hostsOf } from "../../core/microsoft-clouds.ts";
import type { Box, PathParameters, Route, VendorFactory, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { Grants, PERSON_SCOPES } from "./grants.ts";
import { loginError } from "./login-error.ts";
import { PersonGrants, type PersonHabits } from "./person-grants.ts";

const HABITS: PersonHabits = { atDeviceLogin: "types_code", consented: PERSON_SCOPES, codeLifetimeMs: 900_000 };

/** Entra's authorization server, for one tenant, its one confidential app and one person of the helpdesk. */
export const microsoftLogin: VendorFactory = microsoftLoginWith({});

/** One whose person does something else with a device sign-in's code, has less time, or was not asked for all consents. */
export function microsoftLoginWith(habits: Partial<PersonHabits>): VendorFactory {
  return (box) => ({
    name: "microsoft-login",
    hosts: hostsOf(({ login }) => login),
    routes: routes(box, { ...HABITS, ...habits }),
    notFound: () => ({ status: 404, headers: { "Content-Type": "text/html" }, body: PAGE }),
    htmlPage: PAGE,
    failure: (status) => ({
      status,
      headers: status === 429 ? { "Retry-After": "1" } : {},
      body: loginError("temporarily_unavailable", 90033, "A transient error has occurred. Please try again.").body,
    }),
    dump: () => ({}),
  });
}

function routes(box: Box, habits: PersonHabits): readonly Route[] {
  const grants = new Grants(box);
  const person = new PersonGrants(box, grants, habits);
  // Each cloud knows its own tenants only.
  const isOurs = (tenant: string, { url }: VendorRequest): boolean =>
    box.cloud.login.some((host) => host === url.hostname) &&
    [box.world.tenantId, box.world.tenantDomain, box.world.mailDomain].includes(tenant.toLowerCase());

  const forTenant =
    (answer: (request: VendorRequest, tenant: string) => VendorResponse, shared: readonly string[] = []) =>
    (request: VendorRequest, { tenant = "" }: PathParameters): VendorResponse =>
      isOurs(tenant, request) || shared.includes(tenant)
        ? answer(request, tenant)
        : loginError("invalid_request", 90002, "Tenant not found. Check to make sure you have the correct tenant ID.");

  return [
    // learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
    {
      method: "GET",
      path: "/:tenant/v2.0/.well-known/openid-configuration",
      handle: forTenant(
        (request, tenant) => ({ status: 200, body: metadata(box, request.url.hostname, tenant) }),
        ["common", "organizations"],
      ),
    },
    // learn.microsoft.com/entra/msal, "Authority validation"
    {
      method: "GET",
      path: "/common/discovery/instance",
      handle: ({ url }) => ({ status: 200, body: instances(url.hostname, box.world.tenantId) }),
    },
    {
      method: "GET",
      path: "/:tenant/discovery/v2.0/keys",
      handle: forTenant(() => ({ status: 200, body: { keys: [] } }), ["common", "organizations"]),
    },
    {
      method: "POST",
      path: "/:tenant/oauth2/v2.0/devicecode",
      handle: forTenant((request) => person.startDeviceCode(form(request)), ["organizations"]),
    },
    {
      method: "POST",
      path: "/:tenant/oauth2/v2.0/token",
      handle: forTenant((request, tenant) => token({ grants, person }, form(request), tenant), ["organizations"]),
    },
  ];
}

function token(
  { grants, person }: { readonly grants: Grants; readonly person: PersonGrants },
  given: URLSearchParams,
  tenant: string,
): VendorResponse {
  switch (given.get("grant_type")) {
    case "client_credentials":
      return tenant === "organizations"
        ? loginError("invalid_request", 53003, "An app-only token needs a tenant of its own.")
        : grants.clientCredentials(given);
    case "refresh_token":
      return person.refreshToken(given);
    case "urn:ietf:params:oauth:grant-type:device_code":
      return person.deviceCode(given);
    default:
      return loginError("unsupported_grant_type", 70003, "The app requested an unsupported grant type.");
  }
}

const form = (request: VendorRequest): URLSearchParams => new URLSearchParams(request.body.toString("utf8"));

function metadata({ cloud, world }: Box, host: string, tenant: string): Readonly<Record<string, unknown>> {
  const id = ["common", "organizations"].includes(tenant) ? tenant : world.tenantId;
  return {
    token_endpoint: `https://${host}/${id}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
    jwks_uri: `https://${host}/${id}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `https://${host}/${id === tenant && id !== world.tenantId ? "{tenantid}" : id}/v2.0`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${cloud.graph}/oidc/userinfo`,
    authorization_endpoint: `https://${host}/${id}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `https://${host}/${id}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `https://${host}/${id}/oauth2/v2.0/logout`,
    claims_supported: ["sub", "iss", "aud", "exp", "iat", "tid"],
    tenant_region_scope: "NA",
    cloud_instance_name: cloud.instance,
    cloud_graph_host_name: "graph.windows.net",
    msgraph_host: new URL(cloud.graph).hostname,
  };
}

function instances(host: string, tenantId: string): Readonly<Record<string, unknown>> {
  return {
    tenant_discovery_endpoint: `https://${host}/${tenantId}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [
      {
        preferred_network: host,
        preferred_cache: "login.windows.net",
        aliases: [host, "login.windows.net", "login.microsoft.com", "sts.windows.net"],
      },
    ],
  };
}

const PAGE =
  "<!DOCTYPE html><html><head><title>Sign in to your account</title></head>" +
  "<body><form method='post'><h1>Sign in</h1></form></body></html>";
