import type { Approval } from "../domain/model/plan.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import type { ApprovalDesk } from "../ports/approval-desk.ts";

/**
 * A signature counts for the rollout that it names, so one copied from another ledger is worth nothing here, and under
 * a plan only when its approver may sign that plan.
 */
export const objectionTo = async (
  approval: Approval,
  state: Pick<RolloutState, "id" | "plans">,
  desk: ApprovalDesk,
): Promise<string | null> =>
  approval.rollout === state.id
    ? desk.objection(approval, state.plans.get(approval.digest)?.signer)
    : "The signature belongs to another rollout.";

/** Why signatures do not count that open plans or standing approvals rest on, by signature; an approver may have gone. */
export async function objectionsIn(state: RolloutState, desk: ApprovalDesk): Promise<ReadonlyMap<string, string>> {
  const open = [...state.approvals.values()].filter(({ digest }) => state.plans.get(digest)?.status !== "completed");
  const objections = new Map<string, string>();
  for (const approval of [...open, ...state.standing.map((given) => given.approval)]) {
    const objection = await objectionTo(approval, state, desk);
    if (objection !== null) objections.set(approval.signature, objection);
  }
  return objections;
}
