import { CLOSING_PHASE, type EntraObjectId, type PhaseId } from "../model/ids.ts";
import { DIRECTORY_SYNC_ROLE, type LintFinding, ON_PREMISES_SYNC_ROLE } from "../model/policy.ts";
import { type PolicyDraft, policyTag } from "./draft.ts";
import { groupNickname } from "./groups.ts";

/** What a draft is judged against. */
export interface LintContext {
  readonly rollout: string;
  readonly phase: PhaseId;
  readonly mspTenantId: string;
  readonly emergencyObjectIds: readonly EntraObjectId[];
  /** Policies in the tenant in whatever state, without this one; `null` before anybody has counted them. */
  readonly policyCount: number | null;
}

/** @see https://learn.microsoft.com/entra/identity/conditional-access/plan-conditional-access */
const POLICIES_PER_TENANT = 195;
const LONGEST_DISPLAY_NAME = 256;
const FEWEST_EMERGENCY_ACCOUNTS = 2;

interface Rule {
  readonly rule: string;
  readonly severity: LintFinding["severity"];
  readonly message: string;
  breaks(draft: PolicyDraft, context: LintContext): boolean;
}

/**
 * First what Graph is known to reject, then what would lock people out or leave a gap. Numbers in messages are
 * Graph's own, found in `error.innerError.message`.
 */
const RULES: readonly Rule[] = [
  {
    rule: "client-app-types-empty",
    severity: "error",
    message: "clientAppTypes is empty, which Graph rejects with 1064. Use all.",
    breaks: ({ clientAppTypes }) => clientAppTypes.length === 0,
  },
  {
    rule: "applications-empty",
    severity: "error",
    message: "No application is included, which Graph rejects with 1011.",
    breaks: ({ includeApplications }) => includeApplications.length === 0,
  },
  {
    rule: "grant-empty",
    severity: "error",
    message: "No grant control is set, which Graph rejects with 1032.",
    breaks: ({ grant }) => grant.length === 0,
  },
  {
    rule: "mfa-with-block",
    severity: "error",
    message: "mfa and block stand together, which Graph rejects with 1032: a policy blocks or grants.",
    breaks: ({ grant }) => grant.includes("mfa") && grant.includes("block"),
  },
  {
    rule: "policy-limit",
    severity: "error",
    message: `The tenant has ${POLICIES_PER_TENANT} policies, the most that Entra takes; every state counts. Remove an unused one first.`,
    breaks: (_, { policyCount }) => policyCount !== null && policyCount >= POLICIES_PER_TENANT,
  },
  {
    rule: "display-name-length",
    severity: "error",
    message: `displayName is empty or longer than ${LONGEST_DISPLAY_NAME} characters.`,
    breaks: ({ displayName }) => displayName.trim() === "" || displayName.length > LONGEST_DISPLAY_NAME,
  },
  {
    rule: "emergency-accounts-too-few",
    severity: "error",
    message: "Fewer than two emergency access accounts are excluded directly.",
    breaks: ({ excludeUsers }, { emergencyObjectIds }) =>
      new Set(emergencyObjectIds.filter((id) => excludeUsers.includes(id))).size < FEWEST_EMERGENCY_ACCOUNTS,
  },
  {
    rule: "emergency-account-missing",
    severity: "error",
    message: "A configured emergency access account is not excluded.",
    breaks: ({ excludeUsers }, { emergencyObjectIds }) => emergencyObjectIds.some((id) => !excludeUsers.includes(id)),
  },
  {
    rule: "stranger-excluded",
    severity: "error",
    message:
      "An account other than the emergency access accounts is excluded directly. Exceptions go through their group.",
    breaks: ({ excludeUsers }, { emergencyObjectIds }) => excludeUsers.some((id) => !emergencyObjectIds.includes(id)),
  },
  {
    rule: "emergency-group-missing",
    severity: "error",
    message: "The emergency access group is not excluded.",
    breaks: ({ excludeGroups }, { rollout }) => !excludeGroups.includes(groupNickname(rollout, "emergency")),
  },
  {
    rule: "exceptions-group-missing",
    severity: "error",
    message: "The exceptions group is not excluded, so signed-off exceptions would be blocked.",
    breaks: ({ excludeGroups }, { rollout }) => !excludeGroups.includes(groupNickname(rollout, "exceptions")),
  },
  {
    rule: "sync-role-missing",
    severity: "error",
    message: "A directory synchronisation role is not excluded, so directory synchronisation would stop.",
    breaks: ({ excludeRoles }) =>
      ![DIRECTORY_SYNC_ROLE, ON_PREMISES_SYNC_ROLE].every((id) => excludeRoles.includes(id)),
  },
  {
    rule: "service-provider-missing",
    severity: "error",
    message: "Technicians of the service provider are not excluded, so they would be blocked.",
    breaks: ({ excludeServiceProviderTenants }, { mspTenantId }) =>
      !excludeServiceProviderTenants.includes(mspTenantId.toLowerCase()),
  },
  {
    rule: "scope-wrong",
    severity: "error",
    message: "The policy does not cover exactly its phase: the phase's group, or all users for the closing policy.",
    breaks: ({ includeUsers, includeGroups }, { rollout, phase }) =>
      phase === CLOSING_PHASE
        ? includeUsers !== "all" || includeGroups.length > 0
        : includeUsers !== "none" || includeGroups.join() !== groupNickname(rollout, phase),
  },
  {
    rule: "applications-not-all",
    severity: "error",
    message: "The policy does not cover all applications, or leaves some out. The insurer asks for all.",
    breaks: ({ includeApplications, excludeApplications }) =>
      includeApplications !== "all" || excludeApplications.length > 0,
  },
  {
    rule: "client-app-types-not-all",
    severity: "error",
    message: "The policy does not cover all client types, so legacy protocols would pass by it.",
    breaks: ({ clientAppTypes }) => clientAppTypes.length > 0 && !clientAppTypes.includes("all"),
  },
  {
    rule: "mfa-not-required",
    severity: "error",
    message: "The policy does not require MFA.",
    breaks: ({ grant }) => grant.length > 0 && !grant.includes("mfa"),
  },
  {
    rule: "not-report-only",
    severity: "error",
    message: "The draft is not report-only. A policy is created report-only and enforced later, by its state alone.",
    breaks: ({ state }) => state !== "report_only",
  },
  {
    rule: "tag-missing",
    severity: "error",
    message: "The description lacks our tag, so a policy whose creation was not answered could not be found again.",
    breaks: ({ description }, { rollout, phase }) => !description.includes(policyTag(rollout, phase)),
  },
  {
    rule: "policy-limit-near",
    severity: "warning",
    message: `The tenant has fewer than ten of ${POLICIES_PER_TENANT} policies left; every phase needs one.`,
    breaks: (_, { policyCount }) =>
      policyCount !== null && policyCount < POLICIES_PER_TENANT && policyCount > POLICIES_PER_TENANT - 10,
  },
];

/** What is wrong with a draft, in the order of the rules; empty when it may be sent. Errors stop it, warnings do not. */
export const lintPolicy = (draft: PolicyDraft, context: LintContext): readonly LintFinding[] =>
  RULES.filter((rule) => rule.breaks(draft, context)).map(({ rule, severity, message }) => ({
    rule,
    severity,
    message,
  }));
