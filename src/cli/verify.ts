import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { LedgerEntry } from "../domain/rollout/events.ts";
import { NotFoundError } from "../errors.ts";
import { verifyLedger } from "../ledger/verify-ledger.ts";
import type { ApprovalDesk } from "../ports/approval-desk.ts";

/**
 * `mfa-rollout verify PATH`: checks a ledger, or a rollout's directory, offline; names the first bad line.
 * @param desk - Knows the approvers' public keys; without it signatures are not judged, and the answer says so.
 */
export async function verify(
  path: string,
  print: (line: string) => void,
  desk: ApprovalDesk | null = null,
): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw new NotFoundError("There is nothing at this path.", {
      nextStep: "Name a ledger.jsonl or a rollout's directory.",
    });
  }
  let signatures = 0;
  const objection = async (entry: LedgerEntry): Promise<string | null> => {
    if (!("approval" in entry.data)) return null;
    signatures += 1;
    return desk === null ? null : desk.objection(entry.data.approval);
  };
  const checked = await verifyLedger(found.isDirectory() ? join(path, "ledger.jsonl") : path, objection);
  if (!checked.ok) {
    print(
      `Not intact: line ${checked.firstBadLine}: ${checked.reason}. ${checked.entries} entries before it are good.`,
    );
    return 1;
  }
  print(`Intact: ${checked.entries} entries, every one chained to the one before.`);
  print(
    desk === null
      ? `Signatures not judged, because no approver's public key was given: ${signatures}.`
      : `Signatures valid: ${signatures}.`,
  );
  return 0;
}
