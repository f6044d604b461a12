import type { CaPolicy } from "../model/policy.ts";
import type { PolicyDraft } from "../policy/draft.ts";
import { type AccessPolicy, NOBODY } from "./access-policy.ts";

/**
 * A draft as it would be enforced. Its groups are named by nickname, as in the draft: whoever replays it gives their
 * members under these names.
 * @param id - Of the draft's live policy.
 */
export const draftAsPolicy = (draft: PolicyDraft | CaPolicy, id: string): AccessPolicy => ({
  id,
  displayName: draft.displayName,
  state: "enforced",
  users: {
    include: { ...NOBODY, everyone: draft.includeUsers === "all", groups: draft.includeGroups },
    exclude: {
      ...NOBODY,
      users: draft.excludeUsers,
      groups: draft.excludeGroups,
      roles: draft.excludeRoles,
      guests: draft.excludeServiceProviderTenants.length > 0 ? ["serviceProvider"] : [],
      guestsOfTenants: true,
    },
  },
  applications: {
    include: draft.includeApplications === "all" ? ["All"] : draft.includeApplications,
    exclude: draft.excludeApplications,
  },
  clientAppTypes: draft.clientAppTypes,
  platforms: null,
  locations: null,
  signInRisk: [],
  transferMethods: [],
  grant: { operator: "OR", controls: draft.grant },
  unread: [],
});
