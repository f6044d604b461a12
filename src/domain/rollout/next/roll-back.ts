import { judgePhase } from "../blockers/judgement.ts";
import type { RolloutView } from "../step-status.ts";
import { callFor, type Next } from "./answer.ts";
import { decisionOn, openPlan, personNeeded } from "./decision.ts";
import { paused } from "./paused.ts";

/**
 * More people blocked than the procedure allows: rolling that phase back comes before anything else. When a person has
 * refused it, the phase stays enforced and the rest goes on; the gate of the next phase still sees the blocked users.
 */
export function proposedRollBack(view: RolloutView): Next | null {
  const { state, procedure, now } = view;
  const { settings } = procedure;
  for (const phase of state.policies.keys()) {
    const judgement = judgePhase(state, phase, { settings, now });
    if (judgement.state !== "failed") continue;
    const work = { tool: "apply_ca_policy", args: { phase, state: "roll_back" } };
    const plan = openPlan(view, work);
    if (plan !== null && decisionOn(plan, view) === "refused") continue;
    const why = `${judgement.blocked} users of ${phase} were blocked since enforcement; the procedure allows ${settings.blockedUsers}.`;
    return (
      paused(view, work, `The roll-back of ${phase}`) ?? personNeeded(view, work) ?? callFor(state, { ...work, why })
    );
  }
  return null;
}
