import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LedgerEntry } from "../domain/rollout/events.ts";
import { NotFoundError } from "../errors.ts";
import { readMark } from "../ledger/projection-file.ts";
import { verifyLedger } from "../ledger/verify-ledger.ts";
import type { ApprovalDesk } from "../ports/approval-desk.ts";
import { SignedWork } from "./signed-work.ts";
import { checkEvidence } from "./verify-evidence.ts";

/**
 * `mfa-rollout verify PATH [--customer SLUG]`: checks a ledger, a rollout's directory or an evidence folder, offline;
 * names the first bad line, and each file beside the ledger that is not what the ledger says was written. A summary
 * beside the ledger tells when its end is missing.
 * @param desk - Knows the approvers' public keys; without it signatures are not judged, and the answer says so.
 * @returns 1 when a line, a signature or a change without one is bad, or a file of the evidence.
 */
export async function verify(
  path: string,
  print: (line: string) => void,
  desk: ApprovalDesk | null = null,
): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw new NotFoundError("There is nothing at this path.", {
      nextStep: "Name a ledger.jsonl, a rollout's directory or an evidence folder.",
    });
  }
  const ledger = found.isDirectory() ? join(path, "ledger.jsonl") : path;
  const work = new SignedWork();
  const mark = await readMark(join(dirname(ledger), "rollout.json"));
  let report: Parameters<typeof checkEvidence>[1] = null;
  const cut: number[] = [];
  const take = (entry: LedgerEntry): void => {
    work.add(entry);
    if (entry.type === "torn_line_cut") cut.push(entry.seq);
    if (entry.type === "report_written") report = entry.data;
  };
  const checked = await verifyLedger(ledger, take, mark);
  if (!checked.ok) {
    print(
      `Not intact: line ${checked.firstBadLine}: ${checked.reason}. ${checked.entries} entries before it are good.`,
    );
    return 1;
  }
  print(`Intact: ${checked.entries} entries, every one chained to the one before.`);
  if (cut.length > 0) print(`Interrupted writes were cut off before: ${cut.map((seq) => `line ${seq}`).join(", ")}.`);
  const files = await checkEvidence(dirname(ledger), report);
  for (const { sentence } of files) print(sentence);
  const intact = files.every(({ good }) => good);
  if (desk === null) {
    print(`Signatures not judged: ${work.signatures}. Add --customer ${work.customer} to judge them.`);
    return intact ? 0 : 1;
  }
  const { lines, bad } = await work.judged(desk);
  for (const line of lines) print(line);
  for (const { line, why } of bad) print(`Not good: line ${line}: ${why}`);
  print(`Signatures: ${work.signatures}. ${bad.length === 0 ? "All are good." : `Not good: ${bad.length} lines.`}`);
  return intact && bad.length === 0 ? 0 : 1;
}
