import type { PathParameters, Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { World } from "../../world/world.ts";
import { badRequest, noSuchObject } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import { parseFilter } from "./odata-filter.ts";
import { answerPage } from "./odata-page.ts";
import type { Json } from "./request-body.ts";
import { select } from "./select.ts";
import type { Tenant } from "./tenant.ts";
import { userResource } from "./user-resource.ts";

/** Names of the built-in roles that this company uses: learn.microsoft.com/entra/identity/role-based-access-control */
const NAMES: Readonly<Record<string, string>> = {
  "62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
  "fe930be7-5e62-47db-91af-98c3a49a38b1": "User Administrator",
  "d29b2b05-8046-44ba-8758-1e26182fcf32": "Directory Synchronization Accounts",
  "a92aed5d-d78a-4d16-b381-09adb37eb3b0": "On Premises Directory Sync Account",
};

/** Directory roles in both of Graph's forms: activated roles with members, and assignments. */
export function roleRoutes(tenant: Tenant): readonly Route[] {
  const { world } = tenant.box;
  const access = { app: [["RoleManagement.Read.Directory", "Directory.Read.All"]] };
  const members =
    (of: (parameters: PathParameters) => string | undefined) =>
    (request: VendorRequest, parameters: PathParameters): VendorResponse => {
      const template = of(parameters);
      // A role that nobody ever held is not activated, and has no object.
      if (template === undefined || !heldRoles(world).includes(template)) return noSuchObject("directoryRole");
      const holders = [...world.accounts.values()].filter(({ roles }) => roles.includes(template));
      const shape = (account: (typeof holders)[number]): Json => ({
        "@odata.type": "#microsoft.graph.user",
        ...select(userResource(account), request.url),
      });
      return answerPage(request, holders, { usual: 100, most: 999, world, key: null, shape });
    };
  return [
    // learn.microsoft.com/graph/api/directoryrole-list
    {
      method: "GET",
      path: "/v1.0/directoryRoles",
      access,
      handle: (request: VendorRequest) => listRoles(world, request),
    },
    // learn.microsoft.com/graph/api/directoryrole-list-members
    {
      method: "GET",
      path: "/v1.0/directoryRoles/:id/members",
      access,
      handle: members(({ id = "" }) => heldRoles(world).find((template) => roleId(world, template) === id)),
    },
    {
      method: "GET",
      path: "/v1.0/directoryRoles(roleTemplateId=':template')/members",
      access,
      handle: members(({ template }) => template),
    },
    // learn.microsoft.com/graph/api/rbacapplication-list-roleassignments: built-in definitions share their template's id
    {
      method: "GET",
      path: "/v1.0/roleManagement/directory/roleAssignments",
      access,
      handle: (request: VendorRequest) => listAssignments(world, request),
    },
  ].map((route) => guarded(tenant, route));
}

const heldRoles = ({ accounts }: World): readonly string[] => [
  ...new Set([...accounts.values()].flatMap(({ roles }) => roles)),
];

const roleId = (world: World, template: string): string => world.guid(`directory role ${template}`);

function listRoles(world: World, request: VendorRequest): VendorResponse {
  const roles = heldRoles(world).map(
    (roleTemplateId): Json => ({
      id: roleId(world, roleTemplateId),
      deletedDateTime: null,
      displayName: NAMES[roleTemplateId] ?? "Custom role",
      description: NAMES[roleTemplateId] ?? null,
      roleTemplateId,
    }),
  );
  return filtered(world, request, roles);
}

function listAssignments(world: World, request: VendorRequest): VendorResponse {
  const assignments = [...world.accounts.values()].flatMap(({ id, roles }) =>
    roles.map(
      (roleDefinitionId): Json => ({
        id: world.guid(`role assignment ${id} ${roleDefinitionId}`),
        principalId: id,
        directoryScopeId: "/",
        roleDefinitionId,
      }),
    ),
  );
  return filtered(world, request, assignments);
}

function filtered(world: World, request: VendorRequest, items: readonly Json[]): VendorResponse {
  const text = request.url.searchParams.get("$filter");
  const filter = text === null ? null : parseFilter(text, { exactCase: false });
  if (text !== null && filter === null) return badRequest("Invalid filter clause.");
  const found = items.filter((item) => filter?.matches(item) ?? true);
  const shape = (item: Json): Json => select(item, request.url);
  return answerPage(request, found, { usual: 100, most: 999, world, key: null, shape });
}
