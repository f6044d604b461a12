import type { Box, Route, VendorFactory, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { REPORTS, type Row } from "./reports.ts";
import { answerQuery } from "./wql.ts";

const AUDIENCE = "workday";
const LIFETIME_SECONDS = 3_600;
/** Workday publishes no number. */
const REQUESTS_PER_MINUTE = 100;

export interface WorkdaySettings {
  /** Columns that the ISU may not see: they are missing in every row, without a word. */
  readonly hidden: readonly string[];
  /** How an empty report looks: all of these occur. */
  readonly empty: "list" | "no key" | "bare list";
  /** Reports without a row. */
  readonly without: readonly string[];
}

/** Workday as a careful administrator has set it up. */
export const workday: VendorFactory = workdayWith({});

/** Workday of a tenant that differs. */
export function workdayWith(changes: Partial<WorkdaySettings>): VendorFactory {
  const settings: WorkdaySettings = { hidden: [], empty: "no key", without: [], ...changes };
  return (box) => ({
    name: "workday",
    hosts: [box.secrets.workday.host],
    routes: routes(box, settings),
    notFound: () => workdayError(404, "invalid request: resource not found"),
    htmlPage: "<!DOCTYPE html><html><head><title>Workday is currently unavailable</title></head><body></body></html>",
    failure: (status) => workdayError(status, "Processing error occurred."),
    dump: () => ({
      workday: {
        reports: Object.fromEntries(Object.entries(REPORTS).map(([name, rows]) => [name, rows(box.world)])),
      },
    }),
  });
}

function routes(box: Box, settings: WorkdaySettings): readonly Route[] {
  const recent: number[] = [];
  const isTooMuch = (): boolean => {
    const now = box.world.now();
    while ((recent[0] ?? now) <= now - 60_000) recent.shift();
    return recent.push(now) > REQUESTS_PER_MINUTE;
  };
  return [
    { method: "POST", path: "/ccx/oauth2/:tenant/token", handle: (request, { tenant }) => token(box, request, tenant) },
    {
      // Workday, "Reports-as-a-Service": the report's owner and name are in the path, `format` chooses the form.
      method: "GET",
      path: "/ccx/service/customreport2/:tenant/:owner/:report",
      handle: (request, { tenant, owner, report = "" }) => {
        if (isTooMuch()) return workdayError(429, "Too many requests.");
        const { workday } = box.secrets;
        if (!isSignedIn(box, request)) return workdayError(401, "invalid username or password");
        if (tenant !== workday.tenant) return workdayError(404, "tenant not found");
        const rows = owner === workday.user ? REPORTS[report]?.(box.world) : undefined;
        if (rows === undefined) return workdayError(404, "invalid request: report not found");
        return answerReport(request, settings.without.includes(report) ? [] : rows, settings);
      },
    },
    {
      // Workday REST API, "WQL". Workday's REST services take tokens of an API client, not the password of an ISU.
      method: "GET",
      path: "/ccx/api/wql/v1/:tenant/data",
      handle: (request, { tenant }) => {
        if (isTooMuch()) return workdayError(429, "Too many requests.");
        const isClient = basic(request) === null && isSignedIn(box, request);
        if (!isClient || tenant !== box.secrets.workday.tenant) return workdayError(401, "invalid token");
        return answerQuery(box.world, request);
      },
    },
  ];
}

function answerReport(
  request: VendorRequest,
  rows: readonly Row[],
  { hidden, empty }: WorkdaySettings,
): VendorResponse {
  if (request.url.searchParams.get("format") !== "json") {
    return { status: 200, headers: { "content-type": "text/xml" }, body: '<?xml version="1.0"?><wd:Report_Data/>' };
  }
  const seen = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([alias]) => !hidden.includes(alias))));
  if (seen.length > 0) return { status: 200, body: { Report_Entry: seen } };
  return { status: 200, body: empty === "bare list" ? [] : empty === "list" ? { Report_Entry: [] } : {} };
}

/**
 * The refresh token of an API client does not expire; client credentials come with an empty scope. The client signs in
 * with Basic, or in the body.
 *
 * @see RFC 6749, 2.3.1, 4.4 and 6
 */
function token({ secrets, tokens, world }: Box, request: VendorRequest, tenant = ""): VendorResponse {
  const { workday } = secrets;
  const form = new URLSearchParams(request.body.toString("utf8"));
  const [id, secret] = basic(request) ?? [form.get("client_id"), form.get("client_secret")];
  const known = tenant === workday.tenant && id === workday.clientId && secret === workday.clientSecret;
  if (!known) return { status: 401, body: { error: "invalid_client" } };
  const grant = form.get("grant_type");
  if (grant === "refresh_token" && form.get("refresh_token") !== workday.refreshToken) {
    return { status: 400, body: { error: "invalid_grant" } };
  }
  if (grant !== "refresh_token" && grant !== "client_credentials") {
    return { status: 400, body: { error: "unsupported_grant_type" } };
  }
  const expiresAt = world.now() + LIFETIME_SECONDS * 1_000;
  const issued = tokens.issue({ audience: AUDIENCE, subject: workday.user, scopes: [], delegated: false, expiresAt });
  const answer = { access_token: issued, token_type: "Bearer", expires_in: LIFETIME_SECONDS };
  return { status: 200, body: grant === "refresh_token" ? { ...answer, refresh_token: workday.refreshToken } : answer };
}

function isSignedIn({ secrets: { workday }, tokens }: Box, request: VendorRequest): boolean {
  const [user, password] = basic(request) ?? [];
  if (user !== undefined) return user === `${workday.user}@${workday.tenant}` && password === workday.password;
  return typeof tokens.check(request.headers.authorization, AUDIENCE) !== "string";
}

function basic({ headers }: VendorRequest): readonly [string, string] | null {
  const encoded = /^Basic (\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  return [text.slice(0, text.indexOf(":")), text.slice(text.indexOf(":") + 1)];
}

function workdayError(status: number, message: string): VendorResponse {
  return { status, body: { error: message } };
}
