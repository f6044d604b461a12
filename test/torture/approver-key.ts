import type { KeyObject } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { createApproverKey, openApproverKey } from "../../src/approvals/keys.ts";
import { SANDBOX_APPROVER } from "../../src/cli/sandbox/sandbox-home.ts";

export interface ApproverKey {
  readonly publicKey: string;
  readonly key: KeyObject;
}

/** Makes and opens the approver's key once: opening it is slow on purpose. */
export async function makeApproverKey(directory: string): Promise<ApproverKey> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const passphrase = "correct horse battery staple";
  const publicKey = await createApproverKey(directory, SANDBOX_APPROVER, passphrase);
  return { publicKey, key: await openApproverKey(directory, SANDBOX_APPROVER, passphrase) };
}
