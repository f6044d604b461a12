import type { PlanRecord } from "../domain/model/plan.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import type { HumanParts } from "./human.ts";
import { readPlan } from "./read-plan.ts";

export interface PendingPlan {
  readonly state: RolloutState;
  readonly record: PlanRecord;
}

/** Every plan that waits for a signature, of every rollout, oldest first. */
export async function pendingPlans({ store }: Pick<HumanParts, "store">): Promise<readonly PendingPlan[]> {
  const pending: PendingPlan[] = [];
  for (const id of await store.list()) {
    const state = await (await store.open(id)).state();
    for (const record of state.plans.values()) if (record.status === "proposed") pending.push({ state, record });
  }
  return pending.sort((a, b) => (a.record.proposedAt < b.record.proposedAt ? -1 : 1));
}

/** `mfa-rollout approvals`: what waits for a signature; with `full`, every line of every plan. */
export async function listApprovals(parts: HumanParts, { full }: { readonly full: boolean }): Promise<number> {
  const pending = await pendingPlans(parts);
  if (pending.length === 0) parts.print("Nothing waits for a signature.");
  for (const { state, record } of pending) {
    parts.print(`${record.id}  ${state.customerName}  ${record.title}`);
    parts.print(`    ${record.tool}, proposed ${record.proposedAt}${record.standing === null ? "" : ", a standing approval may cover it"}`);
    if (full) for (const line of (await readPlan(parts, record, state)).lines) parts.print(`    ${line}`);
  }
  return 0;
}
