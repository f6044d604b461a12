import { BRIDGES } from "../model/ids.ts";
import type { PitfallCheck } from "./pitfall.ts";

/** Every state counts. @see https://learn.microsoft.com/entra/identity/conditional-access/plan-conditional-access */
const MOST_POLICIES = 195;

export const policyLimit: PitfallCheck = {
  name: "policy_limit",
  severity: "breaks_work",
  mender: "customer_admin",
  acceptable: false,
  heldBy: null,
  remedy: "Remove policies that nobody needs any more, disabled and report-only ones first. Then call check_tenant.",
  look({ survey, ours, phases, customer }) {
    const made = new Set(ours.values());
    const bridges = customer.replacesLegacyMfa && survey.securityDefaultsEnabled ? Object.values(BRIDGES) : [];
    const missing = [...phases.map(({ id }) => id), ...bridges].filter((id) => !made.has(id)).length;
    const total = survey.policies.length + missing;
    if (missing <= 0 || total <= MOST_POLICIES) return null;
    return {
      message: `Policies in the tenant: ${survey.policies.length} of ${MOST_POLICIES} at most. The rollout still needs: ${missing}.`,
      evidence: [`${survey.policies.length} policies`],
      affects: "everyone",
    };
  },
};
