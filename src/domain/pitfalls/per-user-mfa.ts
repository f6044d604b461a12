import type { PitfallCheck } from "./pitfall.ts";

/**
 * The legacy switch on single accounts goes on asking whatever the policies say, exclusions included.
 *
 * @see https://learn.microsoft.com/entra/identity/authentication/howto-mfa-userstates
 */
export const perUserMfa: PitfallCheck = {
  name: "per_user_mfa",
  severity: "weakens",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Where the customer's file says replace_legacy_mfa, apply_ca_policy ends it with state retire once each phase is enforced. Else accept it for now with resolve_finding, and turn per-user MFA off for these accounts once the closing policy is enforced; earlier would leave them without any.",
  look({ survey, users, customer }) {
    const members = users.flatMap(({ account }) => (account?.kind === "member" ? account.objectId : []));
    const stateOf = (id: (typeof members)[number]) => survey.accounts.get(id)?.perUserMfa ?? null;
    const on = members.filter((id) => stateOf(id) === "enabled" || stateOf(id) === "enforced");
    if (on.length > 0) {
      return {
        message: `Accounts with per-user MFA, which Conditional Access neither sees nor ends: ${on.length}.`,
        evidence: on,
        // Ended phase by phase, once each is enforced and judged.
        affects: customer.replacesLegacyMfa ? "nobody" : "everyone",
      };
    }
    if (members.some((id) => stateOf(id) !== null)) return null;
    return {
      message: "Whether accounts have per-user MFA cannot be seen from here; ask a person to look in Entra.",
      evidence: [],
      affects: "everyone",
      seen: false,
    };
  },
};
