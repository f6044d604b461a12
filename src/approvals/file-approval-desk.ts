import type { KeyObject } from "node:crypto";
import type { Approval, ApproverTier } from "../domain/model/plan.ts";
import { ConfigurationError } from "../errors.ts";
import type { ApprovalDesk } from "../ports/approval-desk.ts";
import { readPublicKey } from "./keys.ts";
import { isSignedBy, termsDigest } from "./sign-approval.ts";

interface Approver {
  readonly name: string;
  readonly publicKey: string;
  /** `standard` unless told. */
  readonly tier?: ApproverTier;
}

/** Judges signatures by the approvers' public keys in the customer's file. */
export class PublicKeyApprovalDesk implements ApprovalDesk {
  readonly #approvers: ReadonlyMap<string, { readonly key: KeyObject; readonly tier: ApproverTier }>;

  /** @throws {ConfigurationError} a key is unreadable, or two approvers share a name. */
  constructor(approvers: readonly Approver[]) {
    this.#approvers = new Map(
      approvers.map(({ name, publicKey, tier = "standard" }) => [name, { key: readPublicKey(publicKey), tier }]),
    );
    if (this.#approvers.size < approvers.length) {
      throw new ConfigurationError("Two approvers of the customer's file have the same name.", {
        nextStep: "Give each approver a name of their own.",
      });
    }
  }

  async objection(approval: Approval, tier: ApproverTier = "standard"): Promise<string | null> {
    const approver = this.#approvers.get(approval.approver);
    if (approver === undefined) return "The signature is by someone who is no approver of this customer.";
    if (!isSignedBy(approval, approver.key)) return "The signature does not match what it is said to sign.";
    if (tier === "senior" && approver.tier !== "senior" && approval.kind !== "denial") {
      return "The signature is good, but this needs a senior approver's.";
    }
    return termsMatch(approval) ? null : "The signature is valid, but what it signs does not fit together.";
  }
}

/** Only a standing approval has terms, and it is named by them. */
function termsMatch({ kind, terms, digest }: Approval): boolean {
  if (kind !== "standing") return terms === null;
  return terms !== null && termsDigest(terms) === digest;
}
