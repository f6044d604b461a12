import type { Token } from "../../core/tokens.ts";
import type { PathParameters, Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { badRequest, graphError, noSuchObject } from "./graph-error.ts";
import { graphTime } from "./graph-time.ts";
import type { Group } from "./group-store.ts";
import { boundIds, isDirectoryObject, MOST_BOUND } from "./groups.ts";
import { type Access, guarded } from "./guarded-route.ts";
import { answerPage, wantsCount } from "./odata-page.ts";
import { type Json, readBody } from "./request-body.ts";
import { select } from "./select.ts";
import type { Tenant } from "./tenant.ts";
import { userResource } from "./user-resource.ts";

const READ: Access = {
  app: [["GroupMember.Read.All", "GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All"]],
};
/** Group.Create alone makes a group that its maker cannot fill. */
const WRITE: Access = { app: [["GroupMember.ReadWrite.All", "Group.ReadWrite.All"]] };
const ALREADY = "One or more added object references already exist for the following modified properties: 'members'.";

type GroupAnswer = (
  group: Group,
  request: VendorRequest,
  call: { readonly parameters: PathParameters; readonly caller: Token },
) => VendorResponse;

/** The group that the path names, unless there is none or it is too new to be found. */
const onGroup =
  (tenant: Tenant, answer: GroupAnswer) =>
  (request: VendorRequest, parameters: PathParameters, caller: Token): VendorResponse => {
    const group = tenant.groups.find(parameters.id ?? "");
    return group === undefined ? noSuchObject(parameters.id ?? "") : answer(group, request, { parameters, caller });
  };

/** Changes a membership and leaves its trace in the directory's audit log. */
function setMember(tenant: Tenant, group: Group, change: { member: string; isIn: boolean; by: string }): void {
  const { member, isIn } = change;
  tenant.groups.setMember(group, member, isIn);
  tenant.membershipAudits.push({ at: graphTime(tenant.box.world.now()), group: group.id, ...change });
}

/** Members of groups: reads lag, and a bound list is taken as a whole or not at all. */
export function groupMemberRoutes(tenant: Tenant): readonly Route[] {
  const withGroup = (answer: GroupAnswer) => onGroup(tenant, answer);
  const path = "/v1.0/groups/:id";
  const direct = withGroup((group, request) => list(tenant, request, [...group.members.shown]));
  const inner = withGroup((group, request) => listGroups(tenant, request, [...group.members.shown]));
  const transitive = withGroup((group, request) => list(tenant, request, [...tenant.groups.transitiveMembers(group)]));
  return [
    // learn.microsoft.com/graph/api/group-list-members
    { method: "GET", path: `${path}/members`, access: READ, handle: direct },
    { method: "GET", path: `${path}/members/microsoft.graph.user`, access: READ, handle: direct },
    { method: "GET", path: `${path}/members/microsoft.graph.group`, access: READ, handle: inner },
    // learn.microsoft.com/graph/api/group-list-transitivemembers; a cast of it is an advanced query
    { method: "GET", path: `${path}/transitiveMembers`, access: READ, handle: transitive },
    {
      method: "GET",
      path: `${path}/transitiveMembers/microsoft.graph.user`,
      access: READ,
      handle: (request: VendorRequest, parameters: PathParameters, caller: Token) =>
        wantsCount(request)
          ? transitive(request, parameters, caller)
          : graphError(400, "Request_UnsupportedQuery", "This cast needs ConsistencyLevel: eventual and $count=true."),
    },
    // learn.microsoft.com/graph/api/group-post-members, "Add multiple members to a group in a single request"
    {
      method: "PATCH",
      path,
      access: WRITE,
      handle: withGroup((group, request, { caller }) => addMany(tenant, group, { request, by: caller.subject })),
    },
    // learn.microsoft.com/graph/api/group-post-members
    {
      method: "POST",
      path: `${path}/members/$ref`,
      access: WRITE,
      handle: withGroup((group, request, { caller }) => addOne(tenant, group, { request, by: caller.subject })),
    },
    // learn.microsoft.com/graph/api/group-delete-members
    {
      method: "DELETE",
      path: `${path}/members/:member/$ref`,
      access: WRITE,
      handle: withGroup((group, _request, { parameters: { member = "" }, caller }) => {
        if (!group.members.actual.has(member)) return noSuchObject(member);
        setMember(tenant, group, { member, isIn: false, by: caller.subject });
        return { status: 204 };
      }),
    },
    // The same page, CAUTION: without /$ref this deletes the user itself where the app may do that.
    {
      method: "DELETE",
      path: `${path}/members/:member`,
      access: { app: [["User.ReadWrite.All"]] },
      handle: withGroup((group, _request, { parameters: { member = "" } }) => deleteAccount(tenant, group, member)),
    },
  ].map((route) => guarded(tenant, route));
}

function deleteAccount(tenant: Tenant, group: Group, member: string): VendorResponse {
  if (!group.members.actual.has(member)) return noSuchObject(member);
  tenant.groups.setMember(group, member, false);
  tenant.box.world.accounts.delete(member);
  tenant.deletedUsers.push(member);
  return { status: 204 };
}

function list({ box: { world } }: Tenant, request: VendorRequest, ids: readonly string[]): VendorResponse {
  const onlyUsers = request.url.pathname.endsWith("/microsoft.graph.user");
  const members = onlyUsers ? ids.filter((id) => world.accounts.has(id)) : ids;
  const shape = (id: string): Json => {
    const account = world.accounts.get(id);
    if (account === undefined) return { "@odata.type": "#microsoft.graph.group", id };
    return { "@odata.type": "#microsoft.graph.user", ...select(userResource(account), request.url) };
  };
  return answerPage(request, members, { usual: 100, most: 999, world, key: "members", shape });
}

interface Adding {
  readonly request: VendorRequest;
  readonly by: string;
}

function addMany(tenant: Tenant, group: Group, { request, by }: Adding): VendorResponse {
  const body = readBody(request) ?? {};
  const ids = boundIds(tenant, body["members@odata.bind"]);
  const others = Object.keys(body).filter((name) => name !== "members@odata.bind");
  if (others.length > 0 && !tenant.options.permissions.includes("Group.ReadWrite.All")) {
    return graphError(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
  }
  if (ids === null) return badRequest("Invalid reference in 'members@odata.bind'.");
  if (ids.length > MOST_BOUND) return badRequest(`At most ${MOST_BOUND} members can be added in one request.`);
  const stranger = ids.find((id) => !isDirectoryObject(tenant, id));
  if (stranger !== undefined) return noSuchObject(stranger);
  if (ids.some((id) => group.members.actual.has(id))) return graphError(400, "Request_BadRequest", ALREADY);
  for (const member of ids) setMember(tenant, group, { member, isIn: true, by });
  return { status: 204 };
}

function addOne(tenant: Tenant, group: Group, { request, by }: Adding): VendorResponse {
  const [id] = boundIds(tenant, [readBody(request)?.["@odata.id"]]) ?? [];
  if (id === undefined) return badRequest("Invalid reference in '@odata.id'.");
  if (!isDirectoryObject(tenant, id)) return noSuchObject(id);
  if (group.members.actual.has(id)) return graphError(400, "Request_BadRequest", ALREADY);
  setMember(tenant, group, { member: id, isIn: true, by });
  return { status: 204 };
}

/** The groups among the members. */
function listGroups(
  { box: { world }, groups }: Tenant,
  request: VendorRequest,
  ids: readonly string[],
): VendorResponse {
  const inner = ids.filter((id) => groups.exists(id));
  const shape = (id: string): Json => ({ "@odata.type": "#microsoft.graph.group", id });
  return answerPage(request, inner, { usual: 100, most: 999, world, key: null, shape });
}
