import type { Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { Account, World } from "../../world/world.ts";
import { badRequest, graphError, noSuchObject, tooManyRequests } from "./graph-error.ts";
import { graphTime } from "./graph-time.ts";
import { guarded } from "./guarded-route.ts";
import { type Filter, parseFilter } from "./odata-filter.ts";
import { answerPage, wantsCount } from "./odata-page.ts";
import type { Json } from "./request-body.ts";
import { selected } from "./select.ts";
import type { Tenant } from "./tenant.ts";
import { DEFAULT_PROPERTIES, ONE_USER_ONLY, userResource } from "./user-resource.ts";

/** Operators that the directory takes without the header for advanced queries. */
const FILTERABLE: Readonly<Record<string, readonly string[]>> = {
  accountEnabled: ["eq"],
  department: ["eq", "in", "startswith"],
  displayName: ["eq", "in", "startswith"],
  employeeId: ["eq", "in", "startswith"],
  givenName: ["eq", "in", "startswith"],
  id: ["eq", "in"],
  jobTitle: ["eq", "in", "startswith"],
  mail: ["eq", "in", "startswith"],
  onPremisesSyncEnabled: ["eq"],
  proxyAddresses: ["any"],
  surname: ["eq", "in", "startswith"],
  userPrincipalName: ["eq", "in", "startswith"],
  userType: ["eq", "in"],
  createdDateTime: ["eq", "ge", "le"],
};
/** Operators that need `ConsistencyLevel: eventual` with `$count=true`. */
const ADVANCED: readonly string[] = ["ne", "not", "endswith"];

/** Users of the directory. */
export function userRoutes(tenant: Tenant): readonly Route[] {
  const access = { app: [["User.Read.All"]] };
  return [
    // learn.microsoft.com/graph/api/user-list
    { method: "GET", path: "/v1.0/users", access, handle: (request: VendorRequest) => list(tenant, request) },
    // learn.microsoft.com/graph/api/user-get: by object id or user principal name
    {
      method: "GET",
      path: "/v1.0/users/:id",
      access,
      handle: (request: VendorRequest, { id = "" }: Readonly<Record<string, string>>) => {
        const account = findAccount(tenant.box.world, id);
        if (account === undefined) return noSuchObject(id);
        const shape = readShape(tenant, request, "one");
        return typeof shape === "function" ? { status: 200, body: shape(account) } : shape;
      },
    },
  ].map((route) => guarded(tenant, route));
}

export function findAccount(world: World, idOrName: string): Account | undefined {
  const name = idOrName.toLowerCase();
  return (
    world.accounts.get(idOrName) ??
    world.accounts.values().find(({ userPrincipalName }) => userPrincipalName.toLowerCase() === name)
  );
}

function list(tenant: Tenant, request: VendorRequest): VendorResponse {
  const { url } = request;
  const asksActivity = selected(url)?.includes("signInActivity") ?? false;
  if (asksActivity) {
    const refusal = refuseActivity(tenant);
    if (refusal !== null) return refusal;
  }
  if (url.searchParams.has("$expand") && wantsCount(request)) {
    return graphError(400, "Request_UnsupportedQuery", "$expand is not supported with advanced queries.");
  }
  const filter = readUserFilter(request);
  if (filter !== null && "status" in filter) return filter;
  const shape = readShape(tenant, request, "many");
  if (typeof shape !== "function") return shape;
  const accounts = [...tenant.box.world.accounts.values()];
  const found = filter === null ? accounts : accounts.filter((account) => filter.matches(userResource(account)));
  const page = { usual: 100, most: 999, world: tenant.box.world, key: "users", shape };
  // Sign-in activity silently caps a page at 500.
  const top = Number(url.searchParams.get("$top"));
  if (asksActivity && top > 500 && top <= page.most) url.searchParams.set("$top", "500");
  return answerPage(request, found, page);
}

function readUserFilter(request: VendorRequest): Filter | null | VendorResponse {
  const text = request.url.searchParams.get("$filter");
  if (text === null) return null;
  const filter = parseFilter(text, { exactCase: false });
  if (filter === null) return badRequest("Invalid filter clause.");
  const advanced = wantsCount(request);
  const wrong = filter.terms.find(({ property, operator }) => {
    if (property === "assignedLicenses/$count" || ADVANCED.includes(operator)) return !advanced;
    return !(FILTERABLE[property]?.includes(operator) ?? false);
  });
  return wrong === undefined
    ? filter
    : graphError(
        400,
        "Request_UnsupportedQuery",
        `Unsupported or invalid query filter clause specified for property '${wrong.property}' of resource 'User'.`,
      );
}

/** How each user of the answer looks: `$select` and `$expand=manager`. */
function readShape(
  tenant: Tenant,
  { url }: VendorRequest,
  how: "one" | "many",
): ((account: Account) => Json) | VendorResponse {
  const { world } = tenant.box;
  const names = selected(url);
  if (how === "many" && names?.some((name) => ONE_USER_ONLY.includes(name))) {
    return graphError(
      501,
      "NotImplemented",
      "One of the selected properties is not supported on a collection of users.",
    );
  }
  const expand = readExpand(url.searchParams.get("$expand"));
  if (typeof expand === "string") return badRequest(expand);
  const wanted = names ?? DEFAULT_PROPERTIES;
  const activity = wanted.includes("signInActivity") ? lastSignIns(world) : null;
  return (account) => {
    const resource = userResource(account);
    const manager = expand && account.managerId !== null ? world.accounts.get(account.managerId) : undefined;
    const lastAt = activity?.get(account.id);
    return {
      ...pick(resource, wanted),
      // There is none for somebody who never signed in.
      ...(lastAt === undefined ? {} : { signInActivity: { lastSignInDateTime: graphTime(Date.parse(lastAt)) } }),
      ...(manager === undefined || expand === null
        ? {}
        : {
            manager: {
              "@odata.type": "#microsoft.graph.user",
              ...pick(userResource(manager), expand.select ?? Object.keys(resource)),
            },
          }),
    };
  };
}

const pick = (resource: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(resource).filter(([name]) => names.includes(name)));

/** A nested `$select` of the manager needs `$levels`: learn.microsoft.com/graph/api/user-list-manager */
function readExpand(text: string | null): { readonly select: readonly string[] | null } | null | string {
  if (text === null) return null;
  const found = /^manager(?:\((.*)\))?$/.exec(text.trim());
  if (found === null) return `Could not find a property named '${text}' on type 'microsoft.graph.user'.`;
  const inner = new Map(
    (found[1] ?? "").split(";").map((option) => [option.split("=")[0]?.trim(), option.split("=")[1]]),
  );
  const select = inner.get("$select");
  if (select !== undefined && !inner.has("$levels")) return "Expand of 'manager' with $select requires $levels.";
  return { select: select?.split(",").map((name) => name.trim()) ?? null };
}

function refuseActivity({ box, options, throttles }: Tenant): VendorResponse | null {
  if (!options.permissions.includes("AuditLog.Read.All") || !options.premium) return NOT_PREMIUM;
  const waitMs = throttles.signInActivity.waitFor(box.world.now());
  return waitMs === 0 ? null : tooManyRequests(waitMs / 1000);
}

/** What reports and sign-in logs answer in a tenant without Entra ID P1. */
export const NOT_PREMIUM = graphError(
  403,
  "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
  "Neither tenant is B2C or tenant doesn't have premium license",
);

function lastSignIns({ signIns }: World): ReadonlyMap<string, string> {
  return new Map(signIns.map(({ accountId, at }) => [accountId, at]));
}
