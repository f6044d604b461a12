import { addHours } from "../../model/time.ts";
import { judgePhase } from "../blockers/judgement.ts";
import type { RolloutView } from "../step-status.ts";
import { type Next, waitFor } from "./answer.ts";

/** A phase that is judged no later than this is worth waiting for with a look at the sign-ins. */
const SOON_HOURS = 0.25;

/**
 * One look at the sign-ins instead of two: a phase enforced yesterday at work's first minutes is judged in minutes,
 * when the next one's sign-ins are read, too. Sign-in logs are the vendor's slowest and most limited reads.
 */
export function oneLook(next: Next | null, { state, procedure, now, roster }: RolloutView): Next | null {
  if (next?.do !== "call" || next.tool !== "fetch_signin_logs") return next;
  const { settings } = procedure;
  const soon = addHours(now, SOON_HOURS);
  for (const phase of state.policies.keys()) {
    const judgement = judgePhase(state, phase, { settings, now, roster });
    if (judgement.state !== "waiting" || judgement.until > soon) continue;
    const { until } = judgement;
    return waitFor("time", `${phase} is judged then; one look at the sign-ins serves both. ${next.why}`, { until });
  }
  return next;
}
