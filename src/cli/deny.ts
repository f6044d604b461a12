import { findPlan, showPlan } from "./find-plan.ts";
import type { HumanParts } from "./human.ts";
import { recordDecision } from "./record-decision.ts";
import { signed } from "./signed.ts";

/** `mfa-rollout deny ID --why …`: refuses a plan, signed as well. */
export async function deny(
  parts: HumanParts,
  refusal: { readonly id: string; readonly as: string; readonly why: string },
): Promise<number> {
  const pending = await findPlan(parts, refusal.id, "deny");
  const { state, record } = pending;
  await showPlan(parts, pending);
  const decision = {
    kind: "denial",
    rollout: state.id,
    digest: record.digest,
    approver: refusal.as,
    terms: null,
    note: refusal.why,
  } as const;
  const approval = await signed(parts, decision, { slug: state.customer });
  await recordDecision(parts, record, { type: "approval_denied", data: { approval } });
  parts.print(`Refused by ${refusal.as}: ${record.id}`);
  return 0;
}
