import type { PlanRecord } from "../domain/model/plan.ts";
import { dateIn, hoursBetween, type Instant } from "../domain/model/time.ts";
import { isCovered } from "../domain/rollout/standing.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import { LedgerError } from "../errors.ts";
import type { HumanParts } from "./human.ts";
import { readPlan, visible } from "./read-plan.ts";

export interface PendingPlan {
  readonly state: RolloutState;
  readonly record: PlanRecord;
}

/** Every plan that waits for a signature, oldest first, and the rollouts whose ledger is no ground for one. */
export async function pendingPlans(parts: Pick<HumanParts, "store" | "clock" | "desk">) {
  const now = await parts.clock.now();
  const { plans, damaged } = await allPlans(parts);
  const pending: PendingPlan[] = [];
  for (const plan of plans) if (await isPending(plan, parts, now)) pending.push(plan);
  return { plans: pending, damaged };
}

/** Proposed, and no standing approval that a person really signed covers it: a forged one hides nothing. */
async function isPending(
  { state, record }: PendingPlan,
  { desk }: Pick<HumanParts, "desk">,
  now: Instant,
): Promise<boolean> {
  if (record.status !== "proposed") return false;
  const today = dateIn(state.timeZone, now);
  const covering = state.standing.filter((given) => isCovered(record, { standing: [given] }, today));
  for (const { approval } of covering) {
    const genuine = approval.rollout === state.id && (await (await desk(state.customer)).objection(approval)) === null;
    if (genuine) return false;
  }
  return true;
}

/** A rollout whose ledger cannot be trusted hides no other's plans. */
export async function allPlans({ store }: Pick<HumanParts, "store">) {
  const plans: PendingPlan[] = [];
  const damaged: { readonly rollout: string; readonly why: string; readonly nextStep: string }[] = [];
  for (const rollout of await store.list()) {
    try {
      const state = await (await store.open(rollout)).state();
      for (const record of state.plans.values()) plans.push({ state, record });
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      damaged.push({ rollout, why: error.message, nextStep: error.nextStep });
    }
  }
  plans.sort((a, b) => (a.record.proposedAt < b.record.proposedAt ? -1 : 1));
  return { plans, damaged };
}

/**
 * `mfa-rollout approvals`: what waits for a signature; with `full`, every line of every plan.
 * @returns 1 when a plan or a ledger is not what it should be; such a plan is not shown.
 */
export async function listApprovals(parts: HumanParts, { full }: { readonly full: boolean }): Promise<number> {
  const { plans, damaged } = await pendingPlans(parts);
  const now = await parts.clock.now();
  if (plans.length === 0) parts.print("Nothing waits for a signature.");
  let refused = damaged.length;
  for (const pending of plans) if (!(await list(parts, pending, { full, now }))) refused += 1;
  for (const { rollout, why } of damaged) parts.print(`REFUSED  ${rollout}: ${why}`);
  return refused === 0 ? 0 : 1;
}

async function list(
  parts: HumanParts,
  { state, record }: PendingPlan,
  { full, now }: { readonly full: boolean; readonly now: Instant },
): Promise<boolean> {
  try {
    const plan = await readPlan(parts, record, state);
    parts.print(`${record.id}  ${visible(state.customerName)}  ${plan.title}`);
    const standing = record.standing === null ? "" : "; a standing approval may cover it";
    parts.print(
      `    ${record.tool}, ${plan.lines.length} lines, proposed ${age(record.proposedAt, now)} ago${standing}`,
    );
    if (full) for (const line of plan.lines) parts.print(`    ${line}`);
    return true;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    parts.print(`REFUSED  ${record.id}: ${error.message} ${error.nextStep}`);
    return false;
  }
}

function age(since: Instant, now: Instant): string {
  const hours = Math.max(0, hoursBetween(since, now));
  if (hours < 1) return `${Math.floor(hours * 60)} min`;
  return hours < 48 ? `${Math.floor(hours)} h` : `${Math.floor(hours / 24)} days`;
}
