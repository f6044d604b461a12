import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { NotFoundError } from "../errors.ts";
import { readMark } from "../ledger/projection-file.ts";
import { verifyLedger } from "../ledger/verify-ledger.ts";
import type { ApprovalDesk } from "../ports/approval-desk.ts";
import { SignedWork } from "./signed-work.ts";

/**
 * `mfa-rollout verify PATH [--customer SLUG]`: checks a ledger, or a rollout's directory, offline; names the first bad
 * line. A summary beside the ledger tells when its end is missing.
 * @param desk - Knows the approvers' public keys; without it signatures are not judged, and the answer says so.
 * @returns 1 when a line, a signature or a change without one is bad.
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
  const ledger = found.isDirectory() ? join(path, "ledger.jsonl") : path;
  const work = new SignedWork();
  const mark = await readMark(join(dirname(ledger), "rollout.json"));
  const checked = await verifyLedger(ledger, (entry) => work.add(entry), mark);
  if (!checked.ok) {
    print(
      `Not intact: line ${checked.firstBadLine}: ${checked.reason}. ${checked.entries} entries before it are good.`,
    );
    return 1;
  }
  print(`Intact: ${checked.entries} entries, every one chained to the one before.`);
  if (desk === null) {
    print(`Signatures not judged: ${work.signatures}. Add --customer ${work.customer} to judge them.`);
    return 0;
  }
  const { lines, bad } = await work.judged(desk);
  for (const line of lines) print(line);
  for (const { line, why } of bad) print(`Not good: line ${line}: ${why}`);
  print(`Signatures: ${work.signatures}. ${bad.length === 0 ? "All are good." : `Not good: ${bad.length} lines.`}`);
  return bad.length === 0 ? 0 : 1;
}
