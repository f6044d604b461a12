import type {
  ConditionalAccessEnumeratedExternalTenants,
  ConditionalAccessPolicy,
  ConditionalAccessUsers,
} from "@microsoft/microsoft-graph-types";
import { z } from "zod";
import { entraObjectId } from "../../domain/model/ids.ts";
import type { PolicyState } from "../../domain/model/phase.ts";
import type { CaPolicy, LivePolicy } from "../../domain/model/policy.ts";
import { unknownParts } from "./policy-unknown-parts.ts";

/** Conditional Access states as Graph writes them. */
export const STATE_TO_GRAPH = {
  report_only: "enabledForReportingButNotEnforced",
  enforced: "enabled",
  disabled: "disabled",
} as const satisfies Record<PolicyState, string>;
const STATE_FROM_GRAPH = {
  enabledForReportingButNotEnforced: "report_only",
  enabled: "enforced",
  disabled: "disabled",
} as const;

/**
 * The body of a POST, exactly. What we do not set is left out, except for the lists: for those Graph wants `[]` and
 * refuses `null`. A strength of authentication is never sent beside `mfa`, which Graph refuses as well.
 */
export function toGraphPolicy(policy: CaPolicy): Readonly<ConditionalAccessPolicy> {
  return {
    displayName: policy.displayName,
    description: policy.description,
    state: STATE_TO_GRAPH[policy.state],
    conditions: {
      // Graph refuses an empty list (error 1064); `all` is what an empty one would mean.
      clientAppTypes: policy.clientAppTypes.length === 0 ? ["all"] : [...policy.clientAppTypes],
      applications: {
        includeApplications: policy.includeApplications === "all" ? ["All"] : [...policy.includeApplications],
        excludeApplications: [...policy.excludeApplications],
        includeUserActions: [],
      },
      users: {
        includeUsers: includedUsers(policy),
        excludeUsers: [...policy.excludeUsers],
        includeGroups: [...policy.includeGroups],
        excludeGroups: [...policy.excludeGroups],
        includeRoles: [],
        excludeRoles: [...policy.excludeRoles],
        ...serviceProviders(policy.excludeServiceProviderTenants),
      },
    },
    grantControls: {
      operator: "OR",
      builtInControls: [...policy.grant],
      customAuthenticationFactors: [],
      termsOfUse: [],
    },
  };
}

function includedUsers({ includeUsers, includeGroups }: CaPolicy): string[] {
  if (includeUsers === "all") return ["All"];
  // A policy must name somebody: a group does, and otherwise the word for nobody.
  return includeGroups.length === 0 ? ["None"] : [];
}

function serviceProviders(tenants: readonly string[]): Pick<ConditionalAccessUsers, "excludeGuestsOrExternalUsers"> {
  if (tenants.length === 0) return {};
  // Which of two kinds it is goes by this annotation, which the published types leave out.
  const externalTenants: ConditionalAccessEnumeratedExternalTenants & { readonly "@odata.type": string } = {
    "@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
    membershipKind: "enumerated",
    members: [...tenants],
  };
  return { excludeGuestsOrExternalUsers: { guestOrExternalUserTypes: "serviceProvider", externalTenants } };
}

const strings = z
  .array(z.string())
  .nullish()
  .transform((list): readonly string[] => list ?? []);
const nothing = { includeUsers: [], excludeUsers: [], includeGroups: [], excludeGroups: [], excludeRoles: [] };

const Shape = z.object({
  id: z.string().min(1),
  displayName: z.string(),
  description: z.string().nullish(),
  state: z.enum(["enabled", "disabled", "enabledForReportingButNotEnforced"]),
  createdDateTime: z.string().nullish(),
  modifiedDateTime: z.string().nullish(),
  conditions: z.object({
    clientAppTypes: z.array(z.string()),
    applications: z.object({ includeApplications: strings, excludeApplications: strings }).nullish(),
    users: z
      .object({
        includeUsers: strings,
        excludeUsers: strings,
        includeGroups: strings,
        excludeGroups: strings,
        excludeRoles: strings,
        excludeGuestsOrExternalUsers: z.object({ externalTenants: z.object({ members: strings }).nullish() }).nullish(),
      })
      .nullish(),
  }),
  grantControls: z.object({ builtInControls: strings }).nullish(),
});

const isClientApp = isOneOf("all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other");
const isGrant = isOneOf("mfa", "block");

/** A policy of the tenant as Graph gives it. What it has beyond our model is named in `unknownParts`. */
export const GraphPolicy = z.looseObject({}).transform((raw, context): LivePolicy => {
  const parsed = Shape.safeParse(raw);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: "custom", path, message });
    return z.NEVER;
  }
  const policy = parsed.data;
  const { users, applications, clientAppTypes } = policy.conditions;
  const who = users ?? { ...nothing, excludeGuestsOrExternalUsers: null };
  const included = applications?.includeApplications ?? [];
  return {
    id: policy.id,
    displayName: policy.displayName,
    description: policy.description ?? "",
    state: STATE_FROM_GRAPH[policy.state],
    createdAt: policy.createdDateTime ?? null,
    modifiedAt: policy.modifiedDateTime ?? null,
    microsoftManaged: policy.displayName.startsWith("Microsoft-managed:"),
    includeUsers: who.includeUsers.includes("All") ? "all" : "none",
    includeGroups: who.includeGroups.map(entraObjectId),
    excludeUsers: who.excludeUsers.map(entraObjectId),
    excludeGroups: who.excludeGroups.map(entraObjectId),
    excludeRoles: who.excludeRoles,
    excludeServiceProviderTenants: who.excludeGuestsOrExternalUsers?.externalTenants?.members ?? [],
    clientAppTypes: clientAppTypes.filter(isClientApp),
    includeApplications: included.includes("All") ? "all" : included,
    excludeApplications: applications?.excludeApplications ?? [],
    grant: (policy.grantControls?.builtInControls ?? []).filter(isGrant),
    unknownParts: unknownParts(raw),
  };
});

function isOneOf<const T extends string>(...known: readonly T[]): (text: string) => text is T {
  const set: ReadonlySet<string> = new Set(known);
  return (text): text is T => set.has(text);
}
