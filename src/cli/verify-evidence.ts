import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { RolloutEvent } from "../domain/rollout/events.ts";

type Written = Extract<RolloutEvent, { readonly type: "report_written" }>["data"];

/** The files of an evidence folder, by what the ledger calls their content. */
export const EVIDENCE = [
  { part: "pdf", name: "report.pdf" },
  { part: "text", name: "report.md" },
  { part: "facts", name: "facts.json" },
  { part: "proof", name: "proof.jsonl" },
] as const satisfies readonly { readonly part: keyof Written; readonly name: string }[];

/**
 * Holds the files beside a ledger against the hashes that its last report recorded.
 * @returns One sentence a file; empty where no such file lies there, as in a rollout's own directory.
 */
export async function checkEvidence(
  directory: string,
  written: Written | null,
): Promise<readonly { readonly good: boolean; readonly sentence: string }[]> {
  const files = await Promise.all(
    EVIDENCE.map(async ({ part, name }) => ({
      name,
      wanted: written?.[part],
      found: await hashOf(join(directory, name)),
    })),
  );
  if (files.every(({ found }) => found === null)) return [];
  return files.flatMap(({ name, wanted, found }) => {
    if (found === null && wanted === undefined) return []; // A report from before there was a proof.
    if (found === null) return { good: false, sentence: `${name} is missing.` };
    if (wanted === undefined) return { good: false, sentence: `${name} is not in the ledger.` };
    return found === wanted
      ? { good: true, sentence: `${name} is as it was written.` }
      : { good: false, sentence: `${name} is not what was written.` };
  });
}

async function hashOf(path: string): Promise<string | null> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists) return null;
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
