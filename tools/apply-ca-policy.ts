import { z } from "zod";
import type { Phase } from "../src/domain/model/phase.ts";
import { bridgeBegun } from "../src/domain/rollout/bridging.ts";
import { bridgeAct } from "../src/kit/bridge-plan.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { driftLines } from "../src/kit/drift-lines.ts";
import { phaseField, rolloutField } from "../src/kit/fields.ts";
import { giveBack } from "../src/kit/give-back.ts";
import { phaseOf } from "../src/kit/phase-of.ts";
import { planned, plannedOutput, plannedText } from "../src/kit/planned-output.ts";
import { PolicyPlan, policyPlan, policyPlanLines, policyPlanTitle } from "../src/kit/policy-plan.ts";
import { policyPlanEffects } from "../src/kit/policy-plan-effects.ts";
import { refuseWhileClosed } from "../src/kit/refuse-while-closed.ts";
import { retireAct } from "../src/kit/retire-plan.ts";
import { signedForLines } from "../src/kit/signed-for.ts";
import type { CarriedOut, OpenRollout, ToolContext } from "../src/kit/tool-context.ts";

type Needs = "conditionalAccess" | "directory" | "legacyMfa" | "tenantSurvey";

export const applyCaPolicy = defineTool({
  name: "apply_ca_policy",
  title: "Apply a Conditional Access policy",
  description:
    "Sets a phase's policy (phase_closing: everyone's) to report_only, enforced or roll_back. bridge replaces security " +
    "defaults, retire ends per-user MFA. Refused while a gate is closed. Needs a person's approval.",
  approval: "enforce",
  idempotent: true,
  connectors: ["conditionalAccess", "directory", "legacyMfa", "tenantSurvey"],
  input: z.strictObject({
    rollout: rolloutField,
    phase: phaseField,
    state: z.enum(["report_only", "enforced", "roll_back", "bridge", "retire"]).describe("As next says"),
    user_id: z.string().max(100).optional().describe("With roll_back: this user alone, who has a short exception"),
  }),
  output: z.strictObject({
    ...plannedOutput,
    phase: z.string(),
    live_state: z.string().describe("none, report_only, enforced or disabled"),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const phase = phaseOf(open.state, input.phase);
    if (input.state === "bridge" || input.state === "retire") {
      const carried = await replaceLegacyMfa(open, context, { phase, state: input.state });
      return { ...planned(carried), phase: phase.id, live_state: liveState(open, phase) };
    }
    if (input.user_id !== undefined) {
      const carried = await giveBack(open, { phase, state: input.state, userId: input.user_id });
      return { ...planned(carried), phase: phase.id, live_state: liveState(open, phase) };
    }
    const { view, madeFrom } = await refuseWhileClosed(open, { phase, to: input.state, context });

    const content = policyPlan(view, phase, { to: input.state, madeFrom });
    const args = { phase: phase.id, state: input.state };
    const since = await signedForLines(open, madeFrom, { args, documents: context.documents });
    const [directory, policies] = [await open.vendor("directory"), await open.vendor("conditionalAccess")];
    const parts = { open, phase: phase.id, directory, policies, documents: context.documents };
    const carried = await open.carryOut({
      tool: "apply_ca_policy",
      args,
      title: policyPlanTitle(content, phase),
      lines: [
        ...since,
        ...driftLines(await open.drift(phase.id), await open.users()),
        ...policyPlanLines(content, view),
      ],
      content,
      schema: PolicyPlan,
      standingTexts: null,
      effects: (plan) => policyPlanEffects(plan, parts),
    });
    return { ...planned(carried), phase: phase.id, live_state: liveState(open, phase) };
  },

  summarize: (answer) => `${plannedText(answer)} The policy of ${answer.phase} is now: ${answer.live_state}.`,
});

const liveState = ({ state }: OpenRollout<never>, { id }: Phase): string => state.policies.get(id)?.state ?? "none";

/** Security defaults give way once the phase could be enforced; a switch that was begun is never held up. */
async function replaceLegacyMfa(
  open: OpenRollout<Needs>,
  context: ToolContext<Needs>,
  { phase, state }: { readonly phase: Phase; readonly state: "bridge" | "retire" },
): Promise<CarriedOut> {
  if (state === "retire") return open.carryOut(await retireAct(open, context, phase));
  const { madeFrom } = bridgeBegun(open.state)
    ? { madeFrom: null }
    : await refuseWhileClosed(open, { phase, to: "bridge", context });
  return open.carryOut(await bridgeAct(open, context, { phase: phase.id, madeFrom }));
}
