import { stat } from "node:fs/promises";
import { join } from "node:path";
import { NotFoundError } from "../errors.ts";
import { verifyLedger } from "../ledger/verify-ledger.ts";

/** `mfa-rollout verify PATH`: checks a ledger, or a rollout's directory, offline; names the first bad line. */
export async function verify(path: string, print: (line: string) => void): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new NotFoundError("There is nothing at this path.", { nextStep: "Name a ledger.jsonl or a rollout's directory." });
  const checked = await verifyLedger(found.isDirectory() ? join(path, "ledger.jsonl") : path);
  if (checked.ok) {
    print(`Intact: ${checked.entries} entries, every one chained to the one before.`);
    return 0;
  }
  print(`Not intact: line ${checked.firstBadLine}: ${checked.reason}. ${checked.entries} entries before it are good.`);
  return 1;
}
