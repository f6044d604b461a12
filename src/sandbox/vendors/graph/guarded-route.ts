import type { Token, Tokens } from "../../core/tokens.ts";
import type { PathParameters, Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { graphError } from "./graph-error.ts";
import type { Tenant } from "./tenant.ts";

/** What a route asks of its caller. */
export interface Access {
  /** Application permissions: one of each list. */
  readonly app: readonly (readonly string[])[];
  /** Delegated permissions: one of these; left out where the person of this story may not call at all. */
  readonly delegated?: readonly string[];
  /** The service's own words of refusal; the directory's where left out. */
  readonly refusal?: VendorResponse;
}

export interface GuardedRoute {
  readonly method: string;
  readonly path: string;
  readonly access: Access;
  handle(request: VendorRequest, parameters: PathParameters, caller: Token): VendorResponse;
}

const INSUFFICIENT = graphError(
  403,
  "Authorization_RequestDenied",
  "Insufficient privileges to complete the operation.",
);

/** Puts Graph's checks of token and permission before a route. */
export function guarded(tenant: Tenant, { method, path, access, handle }: GuardedRoute): Route {
  return {
    method,
    path,
    handle: (request, parameters) => {
      const caller = callerOf(tenant, request);
      if (typeof caller === "string") return unauthenticated(tenant, caller);
      return mayCall(tenant, caller, access) ? handle(request, parameters, caller) : (access.refusal ?? INSUFFICIENT);
    },
  };
}

function mayCall(tenant: Tenant, caller: Token, { app, delegated = [] }: Access): boolean {
  if (caller.delegated) return delegated.some((scope) => caller.scopes.includes(scope));
  return app.every((oneOf) => oneOf.some((permission) => tenant.options.permissions.includes(permission)));
}

/** Another cloud's Graph takes no token of this one. */
export function callerOf(
  { box: { cloud, tokens } }: Tenant,
  { url, headers }: VendorRequest,
): ReturnType<Tokens["check"]> {
  return url.origin === cloud.graph ? tokens.check(headers.authorization, cloud.graph) : "unknown";
}

function unauthenticated({ box }: Tenant, why: "missing" | "unknown" | "expired"): VendorResponse {
  const message = {
    missing: "Access token is empty.",
    unknown: "Access token validation failure. Invalid audience.",
    expired: "Lifetime validation failed, the token is expired.",
  }[why];
  return {
    ...graphError(401, "InvalidAuthenticationToken", message),
    headers: {
      "WWW-Authenticate": `Bearer realm="", authorization_uri="https://${box.cloud.login[0]}/common/oauth2/authorize"`,
    },
  };
}
