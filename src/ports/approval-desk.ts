import type { Approval, ApproverTier } from "../domain/model/plan.ts";

/** Knows the approvers' public keys, and so whether a signature is a person's. Holds no private key. */
export interface ApprovalDesk {
  /**
   * `null` when the signature is valid, by an approver of this customer, over exactly these fields; else why not, in a
   * sentence for people. Which rollout it belongs to is for the caller to compare.
   *
   * @param tier - The least that the approver has to be; whoever may sign may also refuse.
   */
  objection(approval: Approval, tier?: ApproverTier): Promise<string | null>;
}
