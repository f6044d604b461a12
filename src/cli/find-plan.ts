import type { PlanStatus } from "../domain/model/plan.ts";
import { NotFoundError } from "../errors.ts";
import { allPlans, type PendingPlan } from "./approvals.ts";
import type { HumanParts } from "./human.ts";
import { readPlan, visible } from "./read-plan.ts";

const PREFIX = "plan_";

/** What can still be decided: a person may approve what was denied by mistake, and deny what was approved to stop it. */
export const DECIDABLE: Readonly<Record<"approve" | "deny", readonly PlanStatus[]>> = {
  approve: ["proposed", "denied"],
  deny: ["proposed", "approved"],
};

/** @param id - Plan id, or enough of its beginning to be the only one. */
export async function findPlan(parts: HumanParts, id: string, decision: keyof typeof DECIDABLE): Promise<PendingPlan> {
  const { plans } = await allPlans(parts);
  const found = plans.filter(
    ({ record }) =>
      record.id.startsWith(id) && id.length > PREFIX.length && DECIDABLE[decision].includes(record.status),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
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
