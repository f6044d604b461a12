import canonicalize from "canonicalize";
import { createHash } from "node:crypto";
import type { Plan, PlanRecord } from "../domain/model/plan.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import { LedgerError } from "../errors.ts";
import type { HumanParts } from "./human.ts";

/**
 * The plan as stored, after checking that its bytes are what the digest stands for, that it belongs to this rollout,
 * and that nothing in it hides from the terminal.
 * @throws {LedgerError} it is not the plan that was proposed: it must not be signed.
 */
export async function readPlan({ documents }: Pick<HumanParts, "documents">, record: PlanRecord, state: RolloutState): Promise<Plan> {
  const plan = JSON.parse(await documents.text(record.digest)) as Plan; // its shape follows from its digest, checked below
  const digest = createHash("sha256").update(canonicalize(plan) ?? "").digest("hex");
  if (digest !== record.digest || plan.rollout !== state.id || plan.tool !== record.tool) {
    throw new LedgerError("The stored plan is not the one that was proposed.", {
      nextStep: "Do not sign. Run mfa-rollout verify on the rollout and tell whoever runs the server.",
    });
  }
  return { ...plan, title: visible(plan.title), lines: plan.lines.map(visible) };
}

/** Control and direction characters could make a line read as another; shown as what they are. */
const visible = (line: string): string =>
  line.replace(/[\p{Cc}\p{Cf}]/gu, (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`);
