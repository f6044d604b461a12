import type { Phase } from "../domain/model/phase.ts";
import type { MadeFrom } from "../domain/policy/made-from.ts";
import { blockers } from "../domain/rollout/blockers.ts";
import { followsOnly, type RolloutView } from "../domain/rollout/step-status.ts";
import { gateClosed } from "./gate-closed.ts";
import { lookAtTenant } from "./look-at-tenant.ts";
import type { OpenRollout, ToolContext } from "./tool-context.ts";
import { whoDidIt } from "./who-did-it.ts";

/**
 * Asks every gate. Enforcing also looks at the tenant as it is now, unless the policy is enforced and only groups follow;
 * what that look shows is recorded, so that `next` names the person who has to mend it.
 * @returns the rollout as it was judged, and what of the tenant the plan is made from: `null` where nothing had to be
 * looked at.
 */
export async function refuseWhileClosed(
  open: OpenRollout<"conditionalAccess" | "directory" | "tenantSurvey">,
  {
    phase,
    to,
    context,
  }: { phase: Phase; to: "report_only" | "enforced" | "roll_back" | "bridge"; context: ToolContext<never> },
): Promise<{ readonly view: RolloutView; readonly madeFrom: MadeFrom | null }> {
  const { signal, documents } = context;
  const view = await open.view();
  const following = followsOnly(view.state, phase.id, to);
  const wanted = to === "bridge" ? "enforced" : to;
  const action = { kind: "policy", phase: phase.id, to: following ? "report_only" : wanted } as const;
  const { settings } = view.procedure;
  const known = blockers({ ...view, action, settings, facts: null });
  if (known.length > 0) throw gateClosed(known);
  const isLive = view.state.policies.has(phase.id);
  if (wanted !== "enforced" || following || !isLive) return { view, madeFrom: null };

  const { facts, madeFrom } = await lookAtTenant(open, view, { phase, documents, signal });
  // What the look showed may be another process's change; its record is older than the change.
  await open.refresh();
  if (followsOnly(open.state, phase.id, to)) return refuseWhileClosed(open, { phase, to, context });
  const seen = to === "bridge" ? { ...facts, securityDefaultsEnabled: false } : facts;
  const judged = await open.view();
  const closed = blockers({ ...judged, action, settings, facts: seen });
  if (closed.length === 0) return { view: judged, madeFrom };
  const found = await whoDidIt(open, closed, { phase: phase.id, signal });
  const reasons = found.map(({ code, message }) => ({ code, message }));
  const until = found.every(({ who }) => who === "wait")
    ? found
        .flatMap((gate) => gate.until ?? [])
        .sort()
        .at(-1)
    : undefined;
  await open.record({
    type: "gate_closed",
    data: { phase: phase.id, blockers: reasons, ...(until === undefined ? {} : { until }) },
  });
  throw gateClosed(found);
}
