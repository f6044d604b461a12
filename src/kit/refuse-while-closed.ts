import type { Phase } from "../domain/model/phase.ts";
import type { PolicyDraft } from "../domain/policy/draft.ts";
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
 * @returns what of the tenant the plan is made from; `null` where nothing had to be looked at.
 */
export async function refuseWhileClosed(
  open: OpenRollout<"conditionalAccess" | "directory" | "tenantSurvey">,
  view: RolloutView,
  {
    phase,
    to,
    context,
  }: { phase: Phase; to: "report_only" | "enforced" | "roll_back" | "bridge"; context: ToolContext<never> },
): Promise<MadeFrom | null> {
  const { signal } = context;
  const live = view.state.policies.get(phase.id);
  const following = followsOnly(view.state, phase.id, to);
  const action = {
    kind: "policy",
    phase: phase.id,
    to: following ? "report_only" : to === "bridge" ? "enforced" : to,
  } as const;
  const question = { ...view, action, settings: view.procedure.settings };
  const known = blockers({ ...question, facts: null });
  if (known.length > 0) throw gateClosed(known);
  if ((to !== "enforced" && to !== "bridge") || following || live === undefined) return null;

  const draft = JSON.parse(await context.documents.text(live.draft)) as PolicyDraft; // ours, its hash was checked
  const { facts: seen, madeFrom } = await lookAtTenant(open, view, { phase, policyId: live.policyId, draft, signal });
  const facts = to === "bridge" ? { ...seen, securityDefaultsEnabled: false } : seen;
  const closed = blockers({ ...question, facts });
  if (closed.length === 0) return madeFrom;
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
