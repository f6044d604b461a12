import type { World } from "../../world/world.ts";
import { graphTime } from "./graph-time.ts";
import { pilotGroupId } from "./group-store.ts";
import { type Policy, PolicyBody } from "./policy.ts";

const DAY_MS = 86_400_000;
/** Role template id of Global Administrator. */
const GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";

/** What a tenant has before anybody starts: one policy that Microsoft made, one that the customer tried. */
export function initialPolicies(world: World): readonly Policy[] {
  const start = Date.parse(world.settings.startsAt);
  const managed = PolicyBody.parse({
    displayName: "Microsoft-managed: Multifactor authentication for admins accessing Microsoft Admin Portals",
    description: "This policy requires administrators to use multifactor authentication for Microsoft admin portals.",
    state: "enabledForReportingButNotEnforced",
    conditions: {
      clientAppTypes: ["all"],
      applications: { includeApplications: ["MicrosoftAdminPortals"] },
      users: { includeRoles: [GLOBAL_ADMINISTRATOR] },
    },
    grantControls: { operator: "OR", builtInControls: ["mfa"] },
  });
  const customers = PolicyBody.parse({
    displayName: "PILOT - Block legacy authentication",
    state: "enabledForReportingButNotEnforced",
    conditions: {
      clientAppTypes: ["exchangeActiveSync", "other"],
      applications: { includeApplications: ["All"] },
      users: { includeGroups: [pilotGroupId(world)] },
    },
    grantControls: { operator: "OR", builtInControls: ["block"] },
  });
  return [
    {
      ...managed,
      id: world.guid("policy:microsoft-managed"),
      templateId: null,
      createdDateTime: graphTime(start - 10 * DAY_MS),
      modifiedDateTime: null,
    },
    {
      ...customers,
      id: world.guid("policy:customer"),
      templateId: null,
      createdDateTime: graphTime(start - 300 * DAY_MS),
      modifiedDateTime: graphTime(start - 290 * DAY_MS),
    },
  ];
}
