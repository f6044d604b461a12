import { open } from "node:fs/promises";
import type { LedgerEntry } from "../domain/rollout/events.ts";
import { fileLines } from "./durable-files.ts";
import { type ChainHead, GENESIS, readEntryLine } from "./entry-line.ts";

export interface Verification {
  readonly ok: boolean;
  /** Good entries before the first bad line. */
  readonly entries: number;
  readonly firstBadLine?: number;
  readonly reason?: string;
}

/**
 * Checks a ledger file from its first byte to its last, without repairing anything.
 * @param objection - A further check of each good entry, e.g. of a signature: why it is bad, or `null`.
 * @throws the file system's error when the file cannot be read.
 */
export async function verifyLedger(
  path: string,
  objection: (entry: LedgerEntry) => Promise<string | null> = async () => null,
): Promise<Verification> {
  await using file = await open(path, "r");
  let head: ChainHead = { seq: 0, hash: GENESIS };
  const bad = (reason: string): Verification => ({ ok: false, entries: head.seq, firstBadLine: head.seq + 1, reason });
  for await (const { bytes, whole } of fileLines(file)) {
    if (!whole) return bad("it has no end: writing it was interrupted, or the file was cut");
    const read = readEntryLine(bytes, head);
    if ("flaw" in read) return bad(read.flaw);
    const { entry } = read;
    const why = await objection(entry);
    if (why !== null) return bad(why);
    head = entry;
  }
  return head.seq === 0 ? bad("the ledger is empty") : { ok: true, entries: head.seq };
}
