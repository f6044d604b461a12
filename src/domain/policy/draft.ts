import type { Customer } from "../model/customer.ts";
import { CLOSING_PHASE, type EntraObjectId, type PhaseId } from "../model/ids.ts";
import type { Phase } from "../model/phase.ts";
import { type CaPolicy, DIRECTORY_SYNC_ROLE, ON_PREMISES_SYNC_ROLE } from "../model/policy.ts";
import { groupNickname } from "./groups.ts";

/** A policy before its groups exist: groups are named by `mailNickname` instead of id. */
export type PolicyDraft = Omit<CaPolicy, "includeGroups" | "excludeGroups"> & {
  readonly includeGroups: readonly string[];
  readonly excludeGroups: readonly string[];
};

/** The marker in a policy's description by which our policy is found again. */
export const policyTag = (rollout: string, phase: PhaseId): string => `[mfa-rollout:${rollout}:${phase}]`;

/**
 * The policy of a phase, or the closing policy for all users. Always report-only: enforcing is a change of state,
 * never a creation. Equal input gives an equal draft, so that its hash can be signed.
 * @param wanted.emergencyObjectIds - The configured emergency access accounts as found in the tenant.
 * @see https://learn.microsoft.com/entra/identity/conditional-access/policy-all-users-mfa-strength
 */
export function draftPolicy(wanted: {
  readonly rollout: string;
  readonly phase: Phase;
  readonly customer: Customer;
  readonly emergencyObjectIds: readonly EntraObjectId[];
}): PolicyDraft {
  const { rollout, phase, customer } = wanted;
  const closing = phase.id === CLOSING_PHASE;
  return {
    displayName: `MFA rollout: ${closing ? "all users" : (phase.department ?? phase.id)}`,
    description: describe(rollout, phase, customer),
    state: "report_only",
    includeUsers: closing ? "all" : "none",
    includeGroups: closing ? [] : [groupNickname(rollout, phase.id)],
    excludeUsers: [...new Set(wanted.emergencyObjectIds)].sort(),
    excludeGroups: [groupNickname(rollout, "emergency"), groupNickname(rollout, "exceptions")],
    excludeRoles: [DIRECTORY_SYNC_ROLE, ON_PREMISES_SYNC_ROLE],
    excludeServiceProviderTenants: [customer.mspTenantId.toLowerCase()],
    clientAppTypes: ["all"],
    includeApplications: "all",
    excludeApplications: [],
    grant: ["mfa"],
  };
}

const describe = (rollout: string, phase: Phase, customer: Customer): string =>
  [
    `Requires MFA for ${phase.department ?? "all users"} in every application.`,
    `Left out: emergency access accounts, signed-off exceptions, directory synchronisation roles and technicians of ${customer.mspName}.`,
    "Service principals and managed identities are outside user-scoped policies and are not covered.",
    policyTag(rollout, phase.id),
  ].join(" ");
