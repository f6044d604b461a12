import { createHash, type KeyObject, sign, verify } from "node:crypto";
import canonicalize from "canonicalize";
import { type Sha256, sha256 } from "../domain/model/ids.ts";
import type { Approval, StandingTerms } from "../domain/model/plan.ts";

export type UnsignedApproval = Omit<Approval, "signature">;

export function signApproval(approval: UnsignedApproval, key: KeyObject): Approval {
  return { ...approval, signature: sign(null, signedBytes(approval), key).toString("base64url") };
}

/** Whether the signature is this key's, over exactly these fields. Another spelling of the same signature is refused. */
export function isSignedBy({ signature, ...approval }: Approval, key: KeyObject): boolean {
  const bytes = Buffer.from(signature, "base64url");
  return bytes.toString("base64url") === signature && verify(null, signedBytes(approval), key, bytes);
}

/** Canonical JSON (RFC 8785) of each field by name, so that nothing unsigned travels along. */
function signedBytes({ kind, rollout, digest, approver, at, terms, note }: UnsignedApproval): Buffer {
  return Buffer.from(canonicalize({ kind, rollout, digest, approver, at, terms, note }) ?? "");
}

/** What names the terms of a standing approval: SHA-256 of their canonical JSON. The approval itself names the rollout. */
export const termsDigest = ({ tool, textsHash, largestCount, until }: StandingTerms): Sha256 =>
  sha256(
    createHash("sha256")
      .update(canonicalize({ tool, textsHash, largestCount, until }) ?? "")
      .digest("hex"),
  );
