import type { PitfallCheck } from "./pitfall.ts";

/** Somebody changed a policy of the rollout, or a tool of somebody's rewrites policies while the rollout runs. */
export const policyChanged: PitfallCheck = {
  name: "policy_changed",
  severity: "breaks_work",
  mender: "technician",
  acceptable: true,
  heldBy: null,
  remedy:
    "Ask whoever is named why, put a changed policy of the rollout back, and stop the tool that rewrites policies. Then accept what has been talked over with resolve_finding.",
  look({ policyChanges, ours }) {
    const changes = (policyChanges ?? []).filter(({ targetId, by }) => ours.has(targetId) || by.kind === "app");
    if (changes.length === 0) return null;
    return {
      message: `Changes of Conditional Access policies that others made since the rollout began: ${changes.length}.`,
      evidence: changes.map(({ targetId, at, by }) => `${targetId} at ${at} by ${by.kind} ${by.id}`),
      affects: "everyone",
    };
  },
};
