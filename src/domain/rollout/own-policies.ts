import type { PhaseId } from "../model/ids.ts";
import type { LivePolicyRecord, RolloutState } from "./state.ts";

/** Every policy that the rollout made, by what it is for: those of the phases and those that stand in for security defaults. */
export const ownPolicies = ({
  policies,
  bridges,
}: Pick<RolloutState, "policies" | "bridges">): ReadonlyMap<PhaseId, LivePolicyRecord> =>
  new Map([...policies, ...bridges]);

/** What each policy of ours is for, by its id in the tenant. */
export const phaseByPolicyId = (state: Pick<RolloutState, "policies" | "bridges">): ReadonlyMap<string, PhaseId> =>
  new Map(
    ownPolicies(state)
      .entries()
      .map(([phase, { policyId }]) => [policyId, phase]),
  );
