import type { KeyObject } from "node:crypto";
import type { Approval } from "../domain/model/plan.ts";
import type { ApprovalDesk } from "../ports/approval-desk.ts";
import { readPublicKey } from "./keys.ts";
import { isSignedBy, termsDigest } from "./signature.ts";

/** Judges signatures by the public keys in the customer's file. */
export class PublicKeyDesk implements ApprovalDesk {
  readonly #keys: ReadonlyMap<string, KeyObject>;

  /** @throws {ConfigurationError} a key cannot be read. */
  constructor(approvers: readonly { readonly name: string; readonly publicKey: string }[]) {
    this.#keys = new Map(approvers.map(({ name, publicKey }) => [name, readPublicKey(publicKey)]));
  }

  async objection(approval: Approval, rollout: string): Promise<string | null> {
    const key = this.#keys.get(approval.approver);
    if (key === undefined) return "The signature is not by an approver of this customer.";
    if (!isSignedBy(approval, key)) return "The signature does not fit what it stands under.";
    if (approval.rollout !== rollout) return "The signature belongs to another rollout.";
    if (approval.terms !== null && termsDigest(rollout, approval.terms) !== approval.digest) {
      return "The terms of the standing approval are not those that were signed.";
    }
    return null;
  }
}
