import type { PlanStatus } from "../domain/model/plan.ts";
import { LedgerError, NotFoundError } from "../errors.ts";
import { allPlans, type PendingPlan } from "./approvals.ts";
import type { HumanParts } from "./human.ts";
import { readPlan, visible } from "./read-plan.ts";

const PREFIX = "plan_";

/** What can still be decided: a person may approve what was denied by mistake, and deny what was approved to stop it. */
export const DECIDABLE: Readonly<Record<"approve" | "deny", readonly PlanStatus[]>> = {
  approve: ["proposed", "denied"],
  deny: ["proposed", "approved"],
};

/**
 * @param id - Plan id, or enough of its beginning to be the only one.
 * @throws {LedgerError} there is none, but a rollout's ledger cannot be read; {NotFoundError} none, or more than one.
 */
export async function findPlan(parts: HumanParts, id: string, decision: keyof typeof DECIDABLE): Promise<PendingPlan> {
  const { plans, damaged } = await allPlans(parts);
  const found = plans.filter(
    ({ record }) =>
      record.id.startsWith(id) && id.length > PREFIX.length && DECIDABLE[decision].includes(record.status),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const [unread] = damaged;
  if (found.length === 0 && unread !== undefined) {
    throw new LedgerError(`${unread.rollout}: ${unread.why}`, { nextStep: unread.nextStep });
  }
  const problem =
    found.length === 0 ? "No plan with this id can be decided." : "More than one plan begins with this id.";
  throw new NotFoundError(problem, { nextStep: "See the ids with: mfa-rollout approvals." });
}

/** Prints the whole plan. @throws {LedgerError} it is not the plan that was proposed. */
export async function showPlan(parts: HumanParts, { state, record }: PendingPlan): Promise<void> {
  const plan = await readPlan(parts, record, state);
  parts.print(plan.title);
  parts.print(
    `Customer ${visible(state.customerName)}, rollout ${state.id}, tool ${plan.tool}, digest ${record.digest}`,
  );
  if (plan.signer === "senior") parts.print("  Only a senior approver's signature counts.");
  for (const line of plan.lines) parts.print(`  ${line}`);
}
