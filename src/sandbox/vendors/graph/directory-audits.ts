import type { Route } from "../../core/vendor.ts";
import { badRequest } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import { parseFilter } from "./odata-filter.ts";
import { reportCall } from "./report-call.ts";
import type { Tenant } from "./tenant.ts";

const ACTIVITIES = {
  POST: "Add conditional access policy",
  PATCH: "Update conditional access policy",
  DELETE: "Delete conditional access policy",
} as const;

/** The directory's audit log, as far as Conditional Access writes it. */
export function directoryAuditRoutes(tenant: Tenant): readonly Route[] {
  const { world } = tenant.box;
  return [
    // learn.microsoft.com/graph/api/directoryaudit-list
    {
      method: "GET",
      path: "/v1.0/auditLogs/directoryAudits",
      access: { app: [["AuditLog.Read.All"]] },
      handle: reportCall(tenant, ({ url }) => {
        const value = tenant.policies.history.map(({ at, method, id, by }, index) => ({
          id: world.guid(`directory audit ${index}`),
          activityDateTime: at,
          activityDisplayName: ACTIVITIES[method],
          category: "Policy",
          result: "success",
          resultReason: "",
          operationType: method,
          initiatedBy: {
            app: {
              appId: by ?? tenant.box.secrets.entra.clientId,
              displayName: by === undefined ? "mfa-rollout" : "Some other tool",
            },
            user: null,
          },
          targetResources: [{ id, displayName: null, type: "Policy" }],
        }));
        const text = url.searchParams.get("$filter");
        const filter = text === null ? null : parseFilter(text, { exactCase: true });
        if (text !== null && filter === null) return badRequest("Invalid filter clause.");
        return { status: 200, body: { value: value.filter((entry) => filter?.matches(entry) ?? true) } };
      }),
    },
  ].map((route) => guarded(tenant, route));
}
