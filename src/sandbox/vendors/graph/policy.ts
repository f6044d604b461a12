import { z } from "zod";

const texts = z.array(z.string()).default([]);
const part = z.record(z.string(), z.unknown()).nullable().default(null);

const GuestsOrExternalUsers = z
  .strictObject({
    // flags, joined by commas
    guestOrExternalUserTypes: z
      .string()
      .regex(
        /^(none|internalGuest|b2bCollaborationGuest|b2bCollaborationMember|b2bDirectConnectUser|otherExternalUser|serviceProvider)(,(?!none)\w+)*$/,
      ),
    externalTenants: z
      .strictObject({
        "@odata.type": z.enum([
          "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
          "#microsoft.graph.conditionalAccessAllExternalTenants",
        ]),
        membershipKind: z.enum(["all", "enumerated"]),
        members: z.array(z.guid()).optional(),
      })
      .nullable()
      .default(null),
  })
  .nullable()
  .default(null);

const Conditions = z.strictObject({
  clientAppTypes: z
    .array(z.enum(["all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"]))
    .default([]),
  applications: z
    .strictObject({
      includeApplications: texts,
      excludeApplications: texts,
      includeUserActions: texts,
      includeAuthenticationContextClassReferences: texts,
      applicationFilter: part,
    })
    .nullable()
    .default(null),
  users: z
    .strictObject({
      includeUsers: texts,
      excludeUsers: texts,
      includeGroups: texts,
      excludeGroups: texts,
      includeRoles: texts,
      excludeRoles: texts,
      includeGuestsOrExternalUsers: GuestsOrExternalUsers,
      excludeGuestsOrExternalUsers: GuestsOrExternalUsers,
    })
    .nullable()
    .default(null),
  clientApplications: part,
  platforms: part,
  locations: part,
  devices: part,
  signInRiskLevels: texts,
  userRiskLevels: texts,
  servicePrincipalRiskLevels: texts,
  insiderRiskLevels: z.string().nullable().default(null),
  authenticationFlows: part,
});

const GrantControls = z
  .strictObject({
    operator: z.enum(["AND", "OR"]),
    builtInControls: z
      .array(
        z.enum([
          "block",
          "mfa",
          "compliantDevice",
          "domainJoinedDevice",
          "approvedApplication",
          "compliantApplication",
          "passwordChange",
          "riskRemediation",
        ]),
      )
      .default([]),
    customAuthenticationFactors: texts,
    termsOfUse: texts,
    // a reference alone: what comes back from a read is refused when it is sent
    authenticationStrength: z.strictObject({ id: z.guid() }).nullable().default(null),
  })
  .nullable()
  .default(null);

/**
 * A policy as a client may send it, with what the service fills in. Strict, as the service is: an unknown or read-only
 * property is a refusal.
 *
 * @see learn.microsoft.com/graph/api/resources/conditionalaccesspolicy
 */
export const PolicyBody = z.strictObject({
  displayName: z.string().min(1).max(256),
  description: z.string().nullable().default(null),
  state: z.enum(["enabled", "disabled", "enabledForReportingButNotEnforced"]),
  conditions: Conditions,
  grantControls: GrantControls,
  sessionControls: part,
});

export type PolicyBody = z.output<typeof PolicyBody>;

/** A policy as the tenant keeps it. */
export interface Policy extends PolicyBody {
  readonly id: string;
  readonly templateId: string | null;
  readonly createdDateTime: string;
  readonly modifiedDateTime: string | null;
}

/** Microsoft's own policies: only their state and exclusions can change. */
export const isMicrosoftManaged = ({ displayName }: Policy): boolean => displayName.startsWith("Microsoft-managed:");
