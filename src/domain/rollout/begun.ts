import type { EffectRecord } from "../model/effect.ts";
import type { PlanRecord } from "../model/plan.ts";
import type { RolloutState } from "./state.ts";

/**
 * Whether a plan has begun, so that it is gone through with as it was signed. A plan that was denied and of whose changes
 * each has a known end has not: what it did stands, and a corrected plan may take its place.
 */
export function hasBegun(
  { effects }: Pick<RolloutState, "effects">,
  { digest, status }: Pick<PlanRecord, "digest" | "status">,
): boolean {
  if (status === "completed" || status === "superseded") return false;
  const isOfIt = (effect: EffectRecord): boolean =>
    effect.plan === digest && (status !== "denied" || !hasKnownEnd(effect));
  return effects.values().some(isOfIt);
}

/** Whether the last attempt is over: it has an outcome, or is known to have changed nothing. */
export const hasKnownEnd = ({ status, nothingChanged }: EffectRecord): boolean =>
  status === "done" || nothingChanged === true;
