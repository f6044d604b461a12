import { z } from "zod";
import type { Phase } from "../src/domain/model/phase.ts";
import type { PolicyDraft } from "../src/domain/policy/draft.ts";
import { blockers } from "../src/domain/rollout/blockers.ts";
import { followsOnly, type RolloutView } from "../src/domain/rollout/step-status.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { driftLines } from "../src/kit/drift-lines.ts";
import { phaseField, rolloutField } from "../src/kit/fields.ts";
import { gateClosed } from "../src/kit/gate-closed.ts";
import { giveBack } from "../src/kit/give-back.ts";
import { lookAtTenant } from "../src/kit/look-at-tenant.ts";
import { phaseOf } from "../src/kit/phase-of.ts";
import { planned, plannedOutput, plannedText } from "../src/kit/planned-output.ts";
import { PolicyPlan, policyPlan, policyPlanLines, policyPlanTitle } from "../src/kit/policy-plan.ts";
import { policyPlanEffects } from "../src/kit/policy-plan-effects.ts";
import type { OpenRollout, ToolContext } from "../src/kit/tool-context.ts";
import { whoDidIt } from "../src/kit/who-did-it.ts";

export const applyCaPolicy = defineTool({
  name: "apply_ca_policy",
  title: "Apply a Conditional Access policy",
  description:
    "Puts a phase's policy (or phase_closing for everyone) into report_only, enforced or roll_back (back to report-only). " +
    "Fills the groups it names. Enforcing is refused while any gate is closed, with the reasons. Needs a person's approval.",
  approval: "enforce",
  idempotent: true,
  connectors: ["conditionalAccess", "directory", "tenantSurvey"],
  input: z.strictObject({
    rollout: rolloutField,
    phase: phaseField,
    state: z.enum(["report_only", "enforced", "roll_back"]).describe("report_only, enforced or roll_back"),
    user_id: z.string().max(100).optional().describe("With roll_back: this user alone, who has a short exception"),
  }),
  output: z.strictObject({
    ...plannedOutput,
    phase: z.string(),
    live_state: z.string().describe("State of the policy now: none, report_only, enforced, disabled"),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const phase = phaseOf(open.state, input.phase);
    if (input.user_id !== undefined) {
      const carried = await giveBack(open, { phase, state: input.state, userId: input.user_id });
      return { ...planned(carried), phase: phase.id, live_state: open.state.policies.get(phase.id)?.state ?? "none" };
    }
    const view = await open.view();
    await refuseWhileClosed(open, view, { phase, to: input.state, context });

    const content = policyPlan(view, phase, input.state);
    const [directory, policies] = [await open.vendor("directory"), await open.vendor("conditionalAccess")];
    const parts = { open, phase: phase.id, directory, policies, documents: context.documents };
    const carried = await open.carryOut({
      tool: "apply_ca_policy",
      args: { phase: phase.id, state: input.state },
      title: policyPlanTitle(content, phase),
      lines: [...driftLines(await open.drift(phase.id), await open.users()), ...policyPlanLines(content, view)],
      content,
      schema: PolicyPlan,
      standingTexts: null,
      effects: (plan) => policyPlanEffects(plan, parts),
    });
    return { ...planned(carried), phase: phase.id, live_state: open.state.policies.get(phase.id)?.state ?? "none" };
  },

  summarize: (answer) => `${plannedText(answer)} The policy of ${answer.phase} is now: ${answer.live_state}.`,
});

/**
 * Asks every gate. Enforcing also looks at the tenant as it is now, unless the policy is enforced and only groups follow;
 * what that look shows is recorded, so that `next` names the person who has to mend it.
 */
async function refuseWhileClosed(
  open: OpenRollout<"conditionalAccess" | "directory" | "tenantSurvey">,
  view: RolloutView,
  { phase, to, context }: { phase: Phase; to: PolicyPlan["to"]; context: ToolContext<never> },
): Promise<void> {
  const { signal } = context;
  const live = view.state.policies.get(phase.id);
  const following = followsOnly(view.state, phase.id, to);
  const action = { kind: "policy", phase: phase.id, to: following ? "report_only" : to } as const;
  const question = { ...view, action, settings: view.procedure.settings };
  const known = blockers({ ...question, facts: null });
  if (known.length > 0) throw gateClosed(known);
  if (to !== "enforced" || following || live === undefined) return;

  const draft = JSON.parse(await context.documents.text(live.draft)) as PolicyDraft; // ours, its hash was checked
  const facts = await lookAtTenant(open, view, { phase, policyId: live.policyId, draft, signal });
  const closed = blockers({ ...question, facts });
  if (closed.length === 0) return;
  const found = await whoDidIt(open, closed, { phase: phase.id, signal });
  const seen = found.map(({ code, message }) => ({ code, message }));
  const until = found.every(({ who }) => who === "wait")
    ? found
        .flatMap((gate) => gate.until ?? [])
        .sort()
        .at(-1)
    : undefined;
  await open.record({
    type: "gate_closed",
    data: { phase: phase.id, blockers: seen, ...(until === undefined ? {} : { until }) },
  });
  throw gateClosed(found);
}
