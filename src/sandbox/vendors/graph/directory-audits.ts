import type { Route } from "../../core/vendor.ts";
import { badRequest } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import { parseFilter } from "./odata-filter.ts";
import { reportCall } from "./report-call.ts";
import type { Json } from "./request-body.ts";
import type { Tenant } from "./tenant.ts";

const POLICY_ACTIVITIES = {
  POST: "Add conditional access policy",
  PATCH: "Update conditional access policy",
  DELETE: "Delete conditional access policy",
} as const;

/** Longest time after which an entry shows: most do within two minutes, nearly all within five. */
const SHOWS_AFTER_MS = 2 * 60_000;

/** The directory's audit log, as far as Conditional Access and the members of groups write it. */
export function directoryAuditRoutes(tenant: Tenant): readonly Route[] {
  return [
    // learn.microsoft.com/graph/api/directoryaudit-list
    {
      method: "GET",
      path: "/v1.0/auditLogs/directoryAudits",
      access: { app: [["AuditLog.Read.All"]] },
      handle: reportCall(tenant, ({ url }) => {
        const text = url.searchParams.get("$filter");
        const filter = text === null ? null : parseFilter(text, { exactCase: true });
        if (text !== null && filter === null) return badRequest("Invalid filter clause.");
        const value = [...policyAudits(tenant), ...membershipAudits(tenant)];
        return { status: 200, body: { value: value.filter((entry) => filter?.matches(entry) ?? true) } };
      }),
    },
  ].map((route) => guarded(tenant, route));
}

function policyAudits(tenant: Tenant): readonly Json[] {
  return tenant.policies.history.map(({ at, method, id, by }, index) => ({
    ...common(tenant, `directory audit ${index}`, { at, category: "Policy" }),
    activityDisplayName: POLICY_ACTIVITIES[method],
    operationType: method,
    initiatedBy: initiator(tenant, by ?? tenant.box.secrets.entra.clientId),
    targetResources: [{ id, displayName: null, type: "Policy" }],
  }));
}

/** The member comes first among the targets, the group second. */
function membershipAudits(tenant: Tenant): readonly Json[] {
  const shown = tenant.box.world.now() - SHOWS_AFTER_MS;
  return tenant.membershipAudits
    .filter(({ at }) => Date.parse(at) <= shown)
    .map(({ at, group, member, isIn, by }, index) => ({
      ...common(tenant, `membership audit ${index}`, { at, category: "GroupManagement" }),
      activityDisplayName: isIn ? "Add member to group" : "Remove member from group",
      operationType: isIn ? "Assign" : "Unassign",
      initiatedBy: initiator(tenant, by),
      targetResources: [
        { id: member, displayName: null, type: "User" },
        { id: group, displayName: null, type: "Group" },
      ],
    }));
}

function common({ box }: Tenant, key: string, { at, category }: { readonly at: string; readonly category: string }) {
  return { id: box.world.guid(key), activityDateTime: at, category, result: "success", resultReason: "" };
}

/** An app is known by its client id; whoever else calls is a person. */
function initiator({ box: { secrets, world } }: Tenant, by: string): Json {
  if (by === secrets.entra.clientId) return { app: { appId: by, displayName: "mfa-rollout" }, user: null };
  if (/^[0-9a-f-]{36}$/.test(by)) return { app: { appId: by, displayName: "Some other tool" }, user: null };
  return { app: null, user: { id: world.guid(`person ${by}`), userPrincipalName: `${by}@${world.tenantDomain}` } };
}
