import { z } from "zod";
import { VendorHttp } from "../http/vendor-http.ts";

/** How the integration system user (ISU) signs in. An API client's refresh token is one that does not expire. */
export type WorkdaySignIn =
  | { readonly kind: "basic"; readonly user: string; readonly password: string }
  | {
      readonly kind: "refresh_token";
      readonly clientId: string;
      readonly clientSecret: string;
      readonly refreshToken: string;
    }
  | { readonly kind: "client_credentials"; readonly clientId: string; readonly clientSecret: string };

export interface WorkdayTenant {
  /** Host of the tenant's data centre, which cannot be told from its name: `wd2-impl-services1.workday.com`. */
  readonly host: string;
  readonly tenant: string;
  readonly signIn: WorkdaySignIn;
}

const Token = z.object({ access_token: z.string().min(1) });

/** Gives the function that VendorHttp asks for headers: `Basic` as the ISU, or `Bearer` with a token kept until refused. */
export function authorization({ host, tenant, signIn }: WorkdayTenant) {
  if (signIn.kind === "basic") {
    // The user's name alone belongs to no tenant.
    const basic = { Authorization: basicOf(`${signIn.user}@${tenant}`, signIn.password) };
    return () => basic;
  }
  const client = basicOf(signIn.clientId, signIn.clientSecret);
  const http = new VendorHttp({
    vendor: "Workday",
    baseUrl: `https://${host}`,
    headers: () => ({ Authorization: client }),
  });
  let token: string | null = null;
  return async ({ fresh, signal }: { readonly fresh: boolean; readonly signal: AbortSignal }) => {
    if (token === null || fresh) {
      const answer = await http.query(`/ccx/oauth2/${encodeURIComponent(tenant)}/token`, {
        schema: Token,
        permission: "the grant type of the API client",
        signal,
        form:
          signIn.kind === "refresh_token"
            ? { grant_type: "refresh_token", refresh_token: signIn.refreshToken }
            : { grant_type: "client_credentials" },
      });
      token = answer.access_token;
    }
    return { Authorization: `Bearer ${token}` };
  };
}

const basicOf = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
