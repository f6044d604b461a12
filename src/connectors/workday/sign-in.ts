import { keptToken } from "../http/kept-token.ts";

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
  /** Longest wait for one answer, `ANSWER_MS` unless told; a report may take `REPORT_TIMES` as long. */
  readonly timeoutMs?: number;
}

/** Gives the function that VendorHttp asks for headers: `Basic` as the ISU, or `Bearer` with a token of the API client. */
export function authorization({ host, tenant, signIn, timeoutMs }: WorkdayTenant) {
  if (signIn.kind === "basic") {
    // The user's name alone belongs to no tenant.
    const basic = { Authorization: basicOf(`${signIn.user}@${tenant}`, signIn.password) };
    return () => basic;
  }
  const token = keptToken({
    vendor: "Workday",
    baseUrl: `https://${host}`,
    path: `/ccx/oauth2/${encodeURIComponent(tenant)}/token`,
    headers: { Authorization: basicOf(signIn.clientId, signIn.clientSecret) },
    form: () =>
      signIn.kind === "refresh_token"
        ? { grant_type: "refresh_token", refresh_token: signIn.refreshToken }
        : { grant_type: "client_credentials" },
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  return async (call: { readonly fresh: boolean; readonly signal: AbortSignal }) => ({
    Authorization: `Bearer ${await token(call)}`,
  });
}

const basicOf = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
