import type { Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { SignIn, World } from "../../world/world.ts";
import { badRequest, graphError } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import { type Filter, parseFilter } from "./odata-filter.ts";
import { nextLink, readPosition, readTop } from "./odata-page.ts";
import { POLICY_READERS } from "./permissions.ts";
import { reportCall } from "./report-call.ts";
import type { Json } from "./request-body.ts";
import { select } from "./select.ts";
import { type SignInView, signInResource } from "./sign-in-resource.ts";
import type { Tenant } from "./tenant.ts";

const PAGE_SIZE = 1_000;
const MINUTE_MS = 60_000;
const RETENTION_MS = 30 * 24 * 60 * MINUTE_MS;
/** How often the last entry of a page comes again on the next one. */
const TWICE_SHARE = 0.25;

const RANGE: readonly string[] = ["eq", "le", "lt", "ge", "gt"];
const FILTERABLE: Readonly<Record<string, readonly string[]>> = {
  createdDateTime: RANGE,
  userId: ["eq"],
  userPrincipalName: ["eq", "startswith"],
  userDisplayName: ["eq", "startswith"],
  appId: ["eq"],
  appDisplayName: ["eq", "startswith"],
  clientAppUsed: ["eq"],
  conditionalAccessStatus: ["eq"],
  correlationId: ["eq"],
  resourceId: ["eq"],
  ipAddress: ["eq", "startswith"],
  "status/errorCode": ["eq"],
  id: ["eq"],
};

/** Sign-in log: v1.0 has interactive sign-ins alone, beta others for those who filter by `signInEventTypes`. */
export function signInRoutes(tenant: Tenant): readonly Route[] {
  const access = { app: [["AuditLog.Read.All"]] };
  const route = (version: SignInView["version"]) => ({
    method: "GET",
    path: `/${version}/auditLogs/signIns`,
    access,
    handle: reportCall(tenant, (request) => list(tenant, request, version)),
  });
  // learn.microsoft.com/graph/api/signin-list, v1.0 and beta
  return [route("v1.0"), route("beta")].map((each) => guarded(tenant, each));
}

function list(tenant: Tenant, request: VendorRequest, version: SignInView["version"]): VendorResponse {
  const { url } = request;
  const top = readTop(url, { usual: PAGE_SIZE, most: PAGE_SIZE });
  if (typeof top !== "number") return top;
  const filter = readFilter(url, version);
  if (filter !== null && "status" in filter) return filter;
  const position = readPosition(url);
  if ("status" in position) return position;
  const view: SignInView = {
    version,
    seesPolicies:
      !tenant.hidesPolicyResults &&
      POLICY_READERS.some((permission) => tenant.options.permissions.includes(permission)),
    seesUnknownMembers: request.headers.prefer?.includes("include-unknown-enum-members") ?? false,
  };
  const byType = filter?.terms.some(({ property }) => property === "signInEventTypes") ?? false;
  const { world } = tenant.box;
  const isVisible = visibility(world, readFrom(url));
  const isWanted = (signIn: SignIn): boolean =>
    (byType || signIn.interactive) &&
    isVisible(signIn) &&
    (filter?.matches(signInResource(tenant, signIn, { ...view, version: "beta", seesPolicies: false })) ?? true);
  // Positions count back from the entry that was newest when the first page was read: the log only grows at its end.
  const newest = url.searchParams.has("$skiptoken") ? position.from : world.signIns.length - 1;
  const { found, last } = takeBack(world.signIns, { newest, top, isWanted });
  const value = found.map((signIn) => select(signInResource(tenant, signIn, view), url));
  return { status: 200, body: { ...context(version, url), ...next(world, url, { found, last, top }), value } };
}

const context = (version: string, { origin }: URL): Json => ({
  "@odata.context": `${origin}/${version}/$metadata#auditLogs/signIns`,
});

/** The start of the time asked for, so that a long log is not read to its beginning; a filter with `or` has none. */
function readFrom(url: URL): number {
  const text = url.searchParams.get("$filter") ?? "";
  const from = /\b(?:or|not)\b/.test(text) ? null : /createdDateTime g[et] (\S+?)\)*(?:\s|$)/.exec(text);
  return from === null ? Number.NEGATIVE_INFINITY : Date.parse(from[1] ?? "");
}

/** Entries show some five minutes late and go after the retention time. */
function visibility(world: World, from: number): (signIn: SignIn) => boolean {
  const now = world.now();
  return ({ id, at }) => {
    const time = Date.parse(at);
    const age = now - time;
    // Within the second that Graph's times are rounded down to.
    if (time < from - 1000 || age > RETENTION_MS || age < 4 * MINUTE_MS) return false;
    return age >= 6 * MINUTE_MS || age >= (4 + 2 * world.chance(`sign-in shows ${id}`)) * MINUTE_MS;
  };
}

/** Up to `top` wanted entries, newest first, and the index of the last one looked at. */
function takeBack(
  signIns: readonly SignIn[],
  ask: { readonly newest: number; readonly top: number; readonly isWanted: (signIn: SignIn) => boolean },
): { readonly found: readonly SignIn[]; readonly last: number } {
  const found: SignIn[] = [];
  let index = ask.newest;
  for (; index >= 0 && found.length < ask.top; index -= 1) {
    const signIn = signIns[index];
    if (signIn !== undefined && ask.isWanted(signIn)) found.push(signIn);
  }
  return { found, last: index + 1 };
}

function next(
  world: World,
  url: URL,
  page: { readonly found: readonly SignIn[]; readonly last: number; readonly top: number },
): Json {
  if (page.found.length < page.top || page.last === 0) return {};
  const id = page.found.at(-1)?.id ?? "";
  const comesTwice = page.top > 1 && world.chance(`sign-in twice ${id}`) < TWICE_SHARE;
  const from = comesTwice ? page.last : page.last - 1;
  return { "@odata.nextLink": nextLink(url, { from, emptied: false }) };
}

function readFilter(url: URL, version: SignInView["version"]): Filter | null | VendorResponse {
  const text = url.searchParams.get("$filter");
  if (text === null) return null;
  // Addresses are kept in lower case and compared as they stand.
  const filter = parseFilter(text, { exactCase: true });
  if (filter === null) return badRequest("Invalid filter clause.");
  const wrong = filter.terms.find(({ property, operator }) => {
    if (version === "beta" && property === "signInEventTypes") return operator !== "any";
    return !(FILTERABLE[property]?.includes(operator) ?? false);
  });
  return wrong === undefined
    ? filter
    : graphError(
        400,
        "BadRequest",
        `Could not find a property named '${wrong.property}' on type 'microsoft.graph.signIn'.`,
      );
}
