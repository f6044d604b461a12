import type { VendorResponse } from "../../core/vendor.ts";
import { graphError } from "./graph-error.ts";
import { type Policy, PolicyBody } from "./policy.ts";
import { isObject, type Json } from "./request-body.ts";
import type { Tenant } from "./tenant.ts";

const MOST_POLICIES = 195;
const READ_ONLY: readonly string[] = ["id", "createdDateTime", "modifiedDateTime", "deletedDateTime", "templateId"];
const EXCHANGE_ONLINE = "00000002-0000-0ff1-ce00-000000000000";
const USER_WORDS: readonly string[] = ["All", "None", "GuestsOrExternalUsers"];

/**
 * Reads the policy that a write would leave behind, or the service's refusal. Its outer message says nothing; the
 * reason, with a number where one is known, is in `error.innerError.message`.
 *
 * @param write.sent - What this request carries.
 * @param write.whole - The policy that would result, before the service fills in what was left out.
 * @param write.replaces - The policy that a PATCH changes; `null` for a new one.
 * @see learn.microsoft.com/entra/identity/conditional-access, and the errors on record in public issue trackers
 */
export function checkPolicy(
  tenant: Tenant,
  write: { readonly sent: Json; readonly whole: Json; readonly replaces: Policy | null },
): PolicyBody | VendorResponse {
  const readOnly = READ_ONLY.find((name) => name in write.sent);
  if (readOnly !== undefined) return refusal(`1007: The property '${readOnly}' is read-only and cannot be sent.`);
  const { conditions } = write.whole;
  if (!isObject(conditions) || !hasClientAppTypes(conditions)) {
    return refusal("1064: Client app types cannot be empty.");
  }
  const parsed = PolicyBody.safeParse(write.whole);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join(".") || "policy";
    return refusal(`1007: The object at '${where}' is null or does not match the schema.`);
  }
  const policy = parsed.data;
  const reason =
    wrongCombination(policy) ?? unknownReference(tenant, policy) ?? tenantForbids(tenant, policy, write.replaces);
  return reason === null ? policy : refusal(reason);
}

export const refusal = (reason: string): VendorResponse =>
  graphError(400, "BadRequest", "The request is malformed or incorrect. See the inner error for details.", reason);

const hasClientAppTypes = ({ clientAppTypes }: Json): boolean =>
  Array.isArray(clientAppTypes) && clientAppTypes.length > 0;

function wrongCombination(policy: PolicyBody): string | null {
  const { applications, users, clientApplications, clientAppTypes } = policy.conditions;
  const { grantControls: grant } = policy;
  const isWorkload = clientApplications !== null;
  if (applications === null || (users === null && !isWorkload))
    return "1007: The conditions lack applications or users.";
  const targets = [
    applications.includeApplications,
    applications.includeUserActions,
    applications.includeAuthenticationContextClassReferences,
  ];
  if (targets.every((list) => list.length === 0)) return "1011: 'includeApplications' is empty or not valid.";
  if (applications.includeUserActions.length > 0 && policy.state === "enabledForReportingButNotEnforced") {
    return "Report-only is not available for a policy with user actions.";
  }
  if (clientAppTypes.includes("exchangeActiveSync") && clientAppTypes.length === 1) {
    const onlyExchange = applications.includeApplications.every((app) => app === EXCHANGE_ONLINE);
    if (!onlyExchange) return "Exchange ActiveSync clients can be combined with the Exchange Online app only.";
  }
  if (grant === null) return policy.sessionControls === null ? invalidControls("InvalidControls") : null;
  const { builtInControls: controls, authenticationStrength } = grant;
  if (isWorkload && (controls.length !== 1 || controls[0] !== "block")) return invalidControls("InvalidControls");
  if (controls.includes("mfa") && authenticationStrength !== null) {
    return "The control 'mfa' cannot be combined with an authentication strength.";
  }
  const others = [...grant.termsOfUse, ...grant.customAuthenticationFactors];
  if (controls.length === 0 && authenticationStrength === null && others.length === 0)
    return invalidControls("InvalidControls");
  if (controls.includes("block") && controls.length > 1) return invalidControls("InvalidControls");
  return controls.includes("passwordChange") && !mayAskForPassword(policy)
    ? invalidControls("InvalidPasswordResetControl")
    : null;
}

const invalidControls = (kind: string): string => `1032: ConditionalActionPolicy validation failed due to ${kind}.`;

/** A password change goes with user risk, all applications, and MFA beside it. */
function mayAskForPassword({ conditions, grantControls }: PolicyBody): boolean {
  const toAll = conditions.applications?.includeApplications.includes("All") ?? false;
  const withMfa = grantControls?.operator === "AND" && grantControls.builtInControls.includes("mfa");
  return conditions.userRiskLevels.length > 0 && toAll && withMfa;
}

/** The numbers of these refusals are not on record, so none is made up. */
function unknownReference({ box, groups }: Tenant, { conditions: { users } }: PolicyBody): string | null {
  if (users === null) return null;
  const isUser = (id: string): boolean => USER_WORDS.includes(id) || box.world.accounts.has(id);
  const user = [...users.includeUsers, ...users.excludeUsers].find((id) => !isUser(id));
  if (user !== undefined) return `Users: '${user}' is not a user of this directory.`;
  const group = [...users.includeGroups, ...users.excludeGroups].find((id) => !groups.exists(id));
  if (group !== undefined) return `Groups: '${group}' is not a group of this directory.`;
  const role = [...users.includeRoles, ...users.excludeRoles].find((id) => !/^[0-9a-f-]{36}$/i.test(id));
  if (role !== undefined) return `Roles: '${role}' is not a role template.`;
  const included = [users.includeUsers, users.includeGroups, users.includeRoles];
  const includesNobody = included.every((list) => list.length === 0) && users.includeGuestsOrExternalUsers === null;
  return includesNobody ? "Users: the policy includes nobody; use 'None' to say so." : null;
}

function tenantForbids(tenant: Tenant, policy: PolicyBody, replaces: Policy | null): string | null {
  if (policy.state === "enabled" && tenant.securityDefaults.barPolicies) {
    return "Security Defaults is enabled in the tenant. You must disable Security defaults before enabling a Conditional Access policy.";
  }
  // Every state counts, report-only and Microsoft's own included.
  const isTooMany = replaces === null && tenant.policies.latest.length >= MOST_POLICIES;
  return isTooMany ? `The tenant has reached its limit of ${MOST_POLICIES} policies.` : null;
}
