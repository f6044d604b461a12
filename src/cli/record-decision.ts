import type { PlanRecord } from "../domain/model/plan.ts";
import type { Instant } from "../domain/model/time.ts";
import type { RolloutEvent } from "../domain/rollout/events.ts";
import { StateError } from "../errors.ts";
import { DECIDABLE } from "./find-plan.ts";
import type { HumanParts } from "./human.ts";

/**
 * Records a signed decision while its plan can still be decided, and makes sure that it counts.
 * @throws {StateError} the plan changed while the person read it, or the decision's time is before the plan's or its last
 * decision's.
 */
export async function recordDecision(
  { store }: HumanParts,
  { digest }: PlanRecord,
  event: Extract<RolloutEvent, { type: "approval_signed" | "approval_denied" }>,
): Promise<void> {
  const { approval } = event.data;
  const rollout = await store.open(approval.rollout);
  await rollout.exclusively(async () => {
    const { plans, approvals } = await rollout.state();
    const before = plans.get(digest);
    const decidable = DECIDABLE[event.type === "approval_signed" ? "approve" : "deny"];
    if (before === undefined || !decidable.includes(before.status)) throw overtaken();
    const latest = approvals.get(digest)?.at ?? before.proposedAt;
    if (approval.at < latest) throw clockBehind(latest);
    await rollout.append(event);
  });
}

const overtaken = (): StateError =>
  new StateError("The plan was changed or decided meanwhile; nothing was recorded.", {
    nextStep: "See what waits now with: mfa-rollout approvals.",
  });

const clockBehind = (latest: Instant): StateError =>
  new StateError(`The plan was proposed or last decided at ${latest}, which this computer's clock has not reached.`, {
    nextStep: "Set the clock right, or wait until then where it is right, then sign again.",
  });
