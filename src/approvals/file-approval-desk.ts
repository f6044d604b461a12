import type { KeyObject } from "node:crypto";
import type { Approval } from "../domain/model/plan.ts";
import { ConfigurationError } from "../errors.ts";
import type { ApprovalDesk } from "../ports/approval-desk.ts";
import { readPublicKey } from "./keys.ts";
import { isSignedBy, termsDigest } from "./sign-approval.ts";

/** Judges signatures by the approvers' public keys in the customer's file. */
export class PublicKeyApprovalDesk implements ApprovalDesk {
  readonly #keys: ReadonlyMap<string, KeyObject>;

  /** @throws {ConfigurationError} a key is unreadable, or two approvers share a name. */
  constructor(approvers: readonly { readonly name: string; readonly publicKey: string }[]) {
    this.#keys = new Map(approvers.map(({ name, publicKey }) => [name, readPublicKey(publicKey)]));
    if (this.#keys.size < approvers.length) {
      throw new ConfigurationError("Two approvers of the customer's file have the same name.", {
        nextStep: "Give each approver a name of their own.",
      });
    }
  }

  async objection(approval: Approval): Promise<string | null> {
    const key = this.#keys.get(approval.approver);
    if (key === undefined) return "The signature is by someone who is no approver of this customer.";
    if (!isSignedBy(approval, key)) return "The signature does not match what it is said to sign.";
    return termsMatch(approval) ? null : "The signature is valid, but what it signs does not fit together.";
  }
}

/** Only a standing approval has terms, and it is named by them. */
function termsMatch({ kind, terms, digest }: Approval): boolean {
  if (kind !== "standing") return terms === null;
  return terms !== null && termsDigest(terms) === digest;
}
