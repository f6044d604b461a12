import { addDays, dateIn } from "../model/time.ts";
import type { PitfallCheck } from "./pitfall.ts";

/**
 * Microsoft switches its policies on by itself, no sooner than this after it made them.
 *
 * @see https://learn.microsoft.com/entra/identity/conditional-access/managed-policies
 */
const ACTIVATED_AFTER_DAYS = 45;

export const managedPolicyActivates: PitfallCheck = {
  name: "managed_policy_activates",
  severity: "breaks_work",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Decide now: set the Microsoft-managed policy to off, exclude the emergency access accounts and exceptions from it, or put its date into the plan and accept it with resolve_finding.",
  look({ survey, customer, deadline }) {
    const dated = survey.policies.flatMap(({ id, state, microsoftManaged, createdAt }) => {
      if (!microsoftManaged || state !== "report_only") return [];
      if (createdAt === null) return [{ id, from: "an unknown day" }];
      const from = addDays(dateIn(customer.timeZone, createdAt), ACTIVATED_AFTER_DAYS);
      return from <= deadline ? [{ id, from }] : [];
    });
    if (dated.length === 0) return null;
    return {
      message: `Microsoft-managed policies that may switch themselves on before the deadline: ${dated.length}.`,
      evidence: dated.map(({ id, from }) => `${id} from ${from}`),
      affects: "everyone",
    };
  },
};
