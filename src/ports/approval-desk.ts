import type { Approval } from "../domain/model/plan.ts";

/** Knows the approvers' public keys, and so whether a signature is a person's. Holds no private key. */
export interface ApprovalDesk {
  /**
   * `null` when the signature is valid, by an approver of this customer, over exactly these fields; else why not, in a
   * sentence for people. Which rollout it belongs to is for the caller to compare.
   */
  objection(approval: Approval): Promise<string | null>;
}
