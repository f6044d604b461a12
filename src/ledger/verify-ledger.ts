import { open } from "node:fs/promises";
import type { LedgerEntry } from "../domain/rollout/events.ts";
import { fileLines } from "./durable-files.ts";
import { type ChainHead, GENESIS, isCanonical, readEntryLine } from "./entry-line.ts";
import type { LedgerMark } from "./projection-file.ts";

export interface Verification {
  readonly ok: boolean;
  /** Good entries before the first bad line. */
  readonly entries: number;
  readonly firstBadLine?: number;
  readonly reason?: string;
}

/**
 * Checks a ledger file from its first byte to its last, without repairing anything.
 * @param take - Is given each good entry, in order.
 * @param mark - How far the ledger is known to have come; without it a missing end cannot show.
 * @throws the file system's error when the file cannot be read.
 */
export async function verifyLedger(
  path: string,
  take: (entry: LedgerEntry) => void = () => {},
  mark: LedgerMark | null = null,
): Promise<Verification> {
  await using file = await open(path, "r");
  let head: ChainHead = { seq: 0, hash: GENESIS };
  const bad = (reason: string): Verification => ({ ok: false, entries: head.seq, firstBadLine: head.seq + 1, reason });
  for await (const { bytes, whole } of fileLines(file)) {
    if (!whole) return bad("it has no end: writing it was interrupted, or the file was cut");
    const read = readEntryLine(bytes, head);
    if ("flaw" in read) return bad(read.flaw);
    const { entry } = read;
    if (!isCanonical(bytes, entry)) return bad("it is not in canonical form");
    if (entry.seq === mark?.seq && entry.hash !== mark.head) {
      return bad("it is another line than rollout.json was made from");
    }
    take(entry);
    head = entry;
  }
  if (head.seq === 0) return bad("the ledger is empty");
  if (mark !== null && head.seq < mark.seq) return bad(`it is missing: rollout.json was made from ${mark.seq} lines`);
  return { ok: true, entries: head.seq };
}
