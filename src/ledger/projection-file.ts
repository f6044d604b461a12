import { readFile } from "node:fs/promises";
import { Low } from "lowdb";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { type Sha256, sha256 } from "../domain/model/ids.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import type { Logger } from "../ports/logger.ts";
import { PRIVATE_FILE } from "./durable-files.ts";
import { SUMMARY_VERSION, summary } from "./projection.ts";

/** How far the ledger had come when the summary was made: it never was durable at less. */
export interface LedgerMark {
  readonly seq: number;
  readonly head: Sha256;
}

const Marked = z.looseObject({
  version: z.literal(SUMMARY_VERSION),
  seq: z.int().positive(),
  head: z.hex().length(64).transform(sha256),
});

/** The mark in a `rollout.json`; `null` when the file is missing, garbage or of another version. */
export async function readMark(path: string): Promise<LedgerMark | null> {
  try {
    const { seq, head } = Marked.parse(await readJson(path));
    return { seq, head };
  } catch {
    return null; // It may be lost at any time; the ledger alone is the truth.
  }
}

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, "utf8"));

/**
 * `rollout.json`: the readable summary, through lowdb. It may be lost at any time, so no failure of it is one of ours, and
 * it is not fsynced. lowdb's own file adapter is not used: its temporary name is the same in every process, and what it
 * writes is readable by everyone.
 */
export class ProjectionFile {
  readonly #db: Low<unknown>;
  readonly #logger: Logger;
  #writtenSeq = 0;

  constructor(path: string, logger: Logger) {
    const write = (data: unknown): Promise<void> =>
      writeFileAtomic(path, `${JSON.stringify(data, null, 2)}\n`, { mode: PRIVATE_FILE, fsync: false });
    this.#db = new Low<unknown>({ read: () => readJson(path), write }, null);
    this.#logger = logger;
  }

  async follow(state: RolloutState): Promise<void> {
    if (state.seq !== this.#writtenSeq) await this.write(state);
  }

  async write(state: RolloutState): Promise<void> {
    this.#writtenSeq = state.seq;
    this.#db.data = summary(state);
    try {
      await this.#db.write();
    } catch {
      this.#logger.warn("projection_not_written", { rollout: state.id });
    }
  }
}
