import type { TenantChange } from "../../pitfalls/facts.ts";
import { type Blocker, firstFew } from "./gate.ts";

/** Gates that show what others have done to a policy or a group of ours, and which log tells who. */
export const DONE_BY_OTHERS: Readonly<Record<string, "policies" | "groups">> = {
  policy_differs: "policies",
  policy_state_differs: "policies",
  policy_unreadable: "policies",
  other_policy_differs: "policies",
  phase_group_differs: "groups",
  exceptions_group_differs: "groups",
  emergency_group_differs: "groups",
};

/**
 * The refusal with who did it and when, the newest first: whoever mends it has to talk to them, and an administrator
 * knows people by these ids. What the log does not show yet is said, because it lags by minutes.
 * @param changes - Of what the gate is about.
 */
export function namingWho(blocker: Blocker, changes: readonly TenantChange[]): Blocker {
  const named = changes.toReversed().map(({ at, by }) => `${by.kind} ${by.id} at ${at}`);
  const who =
    named.length === 0
      ? "The audit log does not show yet who did it; look there again in some minutes."
      : `Changed by ${firstFew(new Set(named)).join(", ")}.`;
  return { ...blocker, message: `${blocker.message} ${who}` };
}
