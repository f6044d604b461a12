import type { PathParameters, Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { badRequest, graphError, noSuchObject } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import { parseFilter } from "./odata-filter.ts";
import { answerPage, wantsCount } from "./odata-page.ts";
import { type Json, readBody } from "./request-body.ts";
import { select } from "./select.ts";
import type { Tenant } from "./tenant.ts";

export const MOST_BOUND = 20;
const SIMPLE_FILTERS: readonly string[] = [
  "displayName",
  "mailNickname",
  "id",
  "mail",
  "securityEnabled",
  "mailEnabled",
];
const WRITABLE: readonly string[] = [
  "displayName",
  "description",
  "mailEnabled",
  "mailNickname",
  "securityEnabled",
  "groupTypes",
  "visibility",
  "isAssignableToRole",
];

/** Groups. Security groups may share a `mailNickname`; the product has to look before it makes one. */
export function groupRoutes(tenant: Tenant): readonly Route[] {
  const read = { app: [["Group.Read.All", "GroupMember.Read.All", "Group.ReadWrite.All"]] };
  return [
    // learn.microsoft.com/graph/api/group-list
    { method: "GET", path: "/v1.0/groups", access: read, handle: (request: VendorRequest) => list(tenant, request) },
    // learn.microsoft.com/graph/api/group-get
    {
      method: "GET",
      path: "/v1.0/groups/:id",
      access: read,
      handle: ({ url }: VendorRequest, { id = "" }: PathParameters) => {
        const group = tenant.groups.find(id);
        return group === undefined ? noSuchObject(id) : { status: 200, body: select(group.properties, url) };
      },
    },
    // learn.microsoft.com/graph/api/group-post-groups
    {
      method: "POST",
      path: "/v1.0/groups",
      access: { app: [["Group.Create", "Group.ReadWrite.All"]] },
      handle: (request: VendorRequest) => create(tenant, request),
    },
  ].map((route) => guarded(tenant, route));
}

function list({ box, groups }: Tenant, request: VendorRequest): VendorResponse {
  const text = request.url.searchParams.get("$filter");
  const filter = text === null ? null : parseFilter(text, { exactCase: false });
  if (text !== null && filter === null) return badRequest("Invalid filter clause.");
  const wrong = filter?.terms.find(
    ({ property, operator }) =>
      !SIMPLE_FILTERS.includes(property) || (!["eq", "in", "startswith"].includes(operator) && !wantsCount(request)),
  );
  if (wrong !== undefined) {
    return graphError(
      400,
      "Request_UnsupportedQuery",
      `Unsupported or invalid query filter clause specified for property '${wrong.property}' of resource 'Group'.`,
    );
  }
  const found = groups.all
    .filter(({ id }) => groups.find(id) !== undefined)
    .map(({ properties }) => properties)
    .filter((properties) => filter?.matches(properties) ?? true);
  const shape = (properties: Json): Json => select(properties, request.url);
  return answerPage(request, found, { usual: 100, most: 999, world: box.world, key: "groups", shape });
}

function create(tenant: Tenant, request: VendorRequest): VendorResponse {
  const {
    "members@odata.bind": members = [],
    "owners@odata.bind": owners = [],
    ...properties
  } = readBody(request) ?? {};
  const wrong = wrongProperty(properties);
  if (wrong !== null) return graphError(400, "Request_BadRequest", wrong);
  const memberIds = boundIds(tenant, members);
  const ownerIds = boundIds(tenant, owners);
  if (memberIds === null || ownerIds === null)
    return badRequest("A reference must be an address of a directory object.");
  if (memberIds.length + ownerIds.length > MOST_BOUND) {
    return badRequest(`At most ${MOST_BOUND} owners and members can be given at creation.`);
  }
  const stranger = [...memberIds, ...ownerIds].find((id) => !isDirectoryObject(tenant, id));
  if (stranger !== undefined) return noSuchObject(stranger);
  const group = tenant.groups.create(properties, memberIds);
  return { status: 201, body: group.properties };
}

function wrongProperty(properties: Json): string | null {
  const unknown = Object.keys(properties).find((name) => !WRITABLE.includes(name));
  if (unknown !== undefined) return `The property '${unknown}' does not exist or cannot be set at creation.`;
  const { displayName, mailNickname, mailEnabled, securityEnabled } = properties;
  if (typeof displayName !== "string" || displayName === "" || displayName.length > 256) {
    return "A value is required for property 'displayName' of resource 'Group'.";
  }
  if (typeof mailNickname !== "string" || !/^[!#$%&'*+\-./0-9=?A-Z^_`a-z{|}~]{1,64}$/.test(mailNickname)) {
    return "Invalid value specified for property 'mailNickname' of resource 'Group'.";
  }
  if (mailEnabled !== false || securityEnabled !== true) return "Only security groups can be created here.";
  return properties.isAssignableToRole === true ? "RoleManagement.ReadWrite.Directory is needed for that." : null;
}

export function isDirectoryObject({ box, groups }: Tenant, id: string): boolean {
  return box.world.accounts.has(id) || groups.exists(id);
}

/** The ids behind `…@odata.bind` addresses, `null` where one is no such address of this cloud. */
export function boundIds({ box: { cloud } }: Tenant, references: unknown): readonly string[] | null {
  if (!Array.isArray(references)) return null;
  const ids = references.map((reference) => {
    const { origin = "", pathname = "" } = URL.parse(String(reference)) ?? {};
    if (origin !== cloud.graph) return undefined;
    return /^\/v1\.0\/(?:directoryObjects|users|groups)\/([0-9a-f-]{36})$/i.exec(pathname)?.[1];
  });
  return ids.every((id) => id !== undefined) ? ids : null;
}
