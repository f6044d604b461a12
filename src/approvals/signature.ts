import { createHash, type KeyObject, sign, verify } from "node:crypto";
import canonicalize from "canonicalize";
import { type Sha256, sha256 } from "../domain/model/ids.ts";
import type { Approval, StandingTerms } from "../domain/model/plan.ts";

type Unsigned = Omit<Approval, "signature">;

/** What is signed: every field but the signature, in canonical form (RFC 8785), under a prefix that no other use has. */
const message = ({ kind, rollout, digest, approver, at, terms, note }: Unsigned): Buffer =>
  Buffer.from(`mfa-rollout approval v1\n${canonicalize({ kind, rollout, digest, approver, at, terms, note })}`);

/** A person's decision under their key. */
export const signApproval = (decision: Unsigned, key: KeyObject): Approval => ({
  ...decision,
  signature: sign(null, message(decision), key).toString("base64url"),
});

export function isSignedBy(approval: Approval, key: KeyObject): boolean {
  const signature = Buffer.from(approval.signature, "base64url");
  return signature.length === 64 && verify(null, message(approval), key, signature);
}

/** By what a standing approval's terms are known. They name the rollout, so no other rollout can use them. */
export const termsDigest = (rollout: string, terms: StandingTerms): Sha256 =>
  sha256(createHash("sha256").update(`${rollout}\n${canonicalize(terms)}`).digest("hex"));
