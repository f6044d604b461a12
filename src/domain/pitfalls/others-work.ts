import { hoursBetween, type Instant } from "../model/time.ts";
import { phaseByPolicyId } from "../rollout/own-policies.ts";
import type { RolloutState } from "../rollout/state.ts";
import type { SurveyedPolicy } from "./facts.ts";

/** Our own changes are noted when a read shows them, so the tenant's time of a change and ours differ by seconds. */
const OURS_WITHIN_HOURS = 2 / 60;

/**
 * Whether the tenant's policies show work that the ledger does not explain, so that the log of changes has to be asked
 * who did it. That log is rationed and shared with the sign-ins, so it is not asked for nothing.
 * @param seen.before - Ids of the policies that the last look found.
 * @param seen.since - Changes from before then concern nobody.
 */
export function showsOthersWork(
  policies: readonly SurveyedPolicy[],
  seen: {
    readonly state: Pick<RolloutState, "policies" | "bridges" | "effects">;
    readonly before: readonly string[];
    readonly since: Instant;
  },
): boolean {
  const { state, before, since } = seen;
  const ours = phaseByPolicyId(state);
  const present = new Set(policies.map(({ id }) => id));
  if ([...before, ...ours.keys()].some((id) => !present.has(id))) return true;

  const changes = [...state.effects.values()].flatMap(({ subject, at, status }) =>
    status === "done" && (subject.kind === "policy" || subject.kind === "policy_state")
      ? [{ phase: subject.phase, at }]
      : [],
  );
  return policies.some(({ id, changedAt }) => {
    if (changedAt === null) return true;
    if (changedAt < since) return false;
    const phase = ours.get(id);
    return !changes.some(
      (own) => own.phase === phase && Math.abs(hoursBetween(own.at, changedAt)) <= OURS_WITHIN_HOURS,
    );
  });
}
