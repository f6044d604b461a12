import { z } from "zod";
import { type EntraObjectId, entraObjectId } from "../../domain/model/ids.ts";
import { instant } from "../../domain/model/time.ts";
import type { SurveyedPolicy } from "../../domain/pitfalls/facts.ts";

const texts = z
  .array(z.string())
  .nullish()
  .transform((list): readonly string[] => list ?? []);
const Guests = z
  .object({
    guestOrExternalUserTypes: z.string(),
    externalTenants: z.object({ members: texts }).nullish(),
  })
  .nullish();

const Shape = z.object({
  id: z.string().min(1),
  displayName: z.string(),
  state: z.enum(["enabled", "disabled", "enabledForReportingButNotEnforced"]),
  createdDateTime: z.iso.datetime({ offset: true }).nullish(),
  modifiedDateTime: z.iso.datetime({ offset: true }).nullish(),
  conditions: z.object({
    applications: z
      .object({ includeApplications: texts, excludeApplications: texts, includeUserActions: texts })
      .nullish(),
    users: z
      .object({
        includeUsers: texts,
        excludeUsers: texts,
        includeGroups: texts,
        excludeGroups: texts,
        excludeRoles: texts,
        excludeGuestsOrExternalUsers: Guests,
      })
      .nullish(),
    locations: z.object({ includeLocations: texts, excludeLocations: texts }).nullish(),
  }),
  grantControls: z
    .object({
      operator: z.string().nullish(),
      builtInControls: texts,
      authenticationStrength: z.looseObject({}).nullish(),
    })
    .nullish(),
});

const STATES = { enabled: "enforced", disabled: "disabled", enabledForReportingButNotEnforced: "report_only" } as const;

/** A policy of anybody's, read only for what can stand in the way. */
export const SurveyPolicy = Shape.transform((policy): SurveyedPolicy => {
  const { users, applications, locations } = policy.conditions;
  const { grantControls: grant, createdDateTime: created, modifiedDateTime: modified } = policy;
  return {
    id: policy.id,
    state: STATES[policy.state],
    microsoftManaged: policy.displayName.startsWith("Microsoft-managed:"),
    createdAt: created ? instant(created) : null,
    changedAt: modified ? instant(modified) : created ? instant(created) : null,
    users: {
      all: users?.includeUsers.includes("All") ?? false,
      include: idsIn(users?.includeUsers),
      includeGroups: idsIn(users?.includeGroups),
      exclude: idsIn(users?.excludeUsers),
      excludeGroups: idsIn(users?.excludeGroups),
      excludeRoles: users?.excludeRoles ?? [],
      excludeServiceProviders: serviceProviders(users?.excludeGuestsOrExternalUsers),
    },
    apps: {
      all: applications?.includeApplications.includes("All") ?? false,
      exclude: (applications?.excludeApplications ?? []).map((app) => app.toLowerCase()),
      securityInfo: applications?.includeUserActions.includes("urn:user:registersecurityinfo") ?? false,
    },
    locations: { include: locations?.includeLocations ?? [], exclude: locations?.excludeLocations ?? [] },
    controls: [...(grant?.builtInControls ?? []), ...(grant?.authenticationStrength ? ["mfa"] : [])],
    needsEvery: grant?.operator === "AND",
  };
});

/** Words such as `All` and `GuestsOrExternalUsers` stand among the ids. */
const idsIn = (list: readonly string[] | undefined): readonly EntraObjectId[] =>
  (list ?? []).filter((id) => /^[0-9a-f-]{36}$/i.test(id)).map(entraObjectId);

function serviceProviders(guests: z.output<typeof Guests>): "all" | readonly string[] {
  if (!guests?.guestOrExternalUserTypes.split(",").includes("serviceProvider")) return [];
  const members = guests.externalTenants?.members ?? [];
  // Without a list of tenants the exclusion goes for all of them.
  return members.length === 0 ? "all" : members.map((id) => id.toLowerCase());
}
