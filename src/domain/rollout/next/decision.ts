import type { PlanRecord } from "../../model/plan.ts";
import { argsKey } from "../args-key.ts";
import { hasBegun } from "../begun.ts";
import { settleRequest } from "../settle-command.ts";
import { isCovered } from "../standing.ts";
import type { RolloutView } from "../step-status.ts";
import { type Call, type Wait, waitFor } from "./answer.ts";

/** The work that a plan is for, and why it is due. */
type Work = Pick<Call, "tool" | "args">;

/**
 * Whether somebody has decided on a plan: the same question that the tool asks before it acts, so that `next` never
 * sends a host into a call that changes nothing. A signature that does not count decides nothing.
 */
export function decisionOn(
  plan: PlanRecord,
  { state, objections, today }: RolloutView,
): "given" | "refused" | "missing" {
  const approval = state.approvals.get(plan.digest);
  if (approval !== undefined && !objections.has(approval.signature)) {
    return approval.kind === "denial" ? "refused" : "given";
  }
  const standing = state.standing.filter((given) => !objections.has(given.approval.signature));
  return isCovered(plan, { standing }, today) ? "given" : "missing";
}

/** The plan of this work that is neither done nor replaced; there is one at most, a newer one takes an older one's place. */
export function openPlan({ state }: RolloutView, { tool, args }: Work): PlanRecord | null {
  const key = argsKey(args);
  const isOpen = (plan: PlanRecord): boolean =>
    plan.tool === tool && plan.argsKey === key && plan.status !== "superseded" && plan.status !== "completed";
  return state.plans.values().find(isOpen) ?? null;
}

/** The wait for the person without whom a call would change nothing; `null` when the call can go ahead. */
export function personNeeded(view: RolloutView, work: Work): Wait | null {
  const plan = openPlan(view, work);
  if (plan === null) return null;
  const effects = view.state.effects
    .values()
    .filter((effect) => effect.plan === plan.digest)
    .toArray();
  const unclear = effects.find(({ status }) => status === "unknown");
  if (unclear !== undefined) {
    const request = settleRequest(view.state.id, { key: unclear.key, check: unclear.check ?? "" });
    const why = `It is not known whether a change of ${named(plan)} was made, and repeating it could do it twice. ${request}`;
    return waitFor("person", why, { planId: plan.id });
  }
  switch (decisionOn(plan, view)) {
    case "given":
      return null;
    case "refused":
      return waitFor("person", refusal(plan, { tool: work.tool, begun: hasBegun(view.state, plan) }), {
        planId: plan.id,
      });
    case "missing":
      return waitFor("approval", request(plan, view), { planId: plan.id });
  }
}

/** What has begun is gone through with as it was signed, so only a later approval of the same plan lets it go on. */
const refusal = (plan: PlanRecord, { tool, begun }: { tool: string; begun: boolean }): string =>
  begun
    ? `The plan ${named(plan)} was refused after it had begun. Talk to the approver, who lets it go on with: mfa-rollout approve ${plan.id}`
    : `The plan ${named(plan)} was refused. Talk to the approver, change what they objected to, then call ${tool} again.`;

/** By its id, since a title has outside words in it (a department, a person) and this is read by a model. */
const named = ({ id, tool }: PlanRecord): string => `${id} (${tool})`;

function request(plan: PlanRecord, { state, objections }: RolloutView): string {
  const { id, digest, status } = plan;
  if (status === "proposed") return `A person has to read and sign ${named(plan)}. They run: mfa-rollout approve ${id}`;
  const approval = state.approvals.get(digest);
  const objection = approval === undefined ? undefined : objections.get(approval.signature);
  const trouble = objection ?? "The standing approval that it was counted against does not cover it any more.";
  // Only what is undecided or denied can be approved.
  const again =
    status === "approved" ? `mfa-rollout deny ${id} and then mfa-rollout approve ${id}` : `mfa-rollout approve ${id}`;
  return `The decision on ${named(plan)} does not count. ${trouble} An approver has to decide again: ${again}`;
}
