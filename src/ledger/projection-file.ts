import { readFile } from "node:fs/promises";
import { Low } from "lowdb";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import type { RolloutState } from "../domain/rollout/state.ts";
import type { Logger } from "../ports/logger.ts";
import { PRIVATE_FILE } from "./durable-files.ts";
import { SUMMARY_VERSION, summary } from "./projection.ts";

const Versioned = z.looseObject({ version: z.number() });

/**
 * `rollout.json`: the readable summary, through lowdb. It may be lost at any time, so no failure of it is one of ours, and
 * it is not fsynced. lowdb's own file adapter is not used: its temporary name is the same in every process, and what it
 * writes is readable by everyone.
 */
export class ProjectionFile {
  readonly #db: Low<unknown>;
  readonly #logger: Logger;

  constructor(path: string, logger: Logger) {
    const read = async (): Promise<unknown> => JSON.parse(await readFile(path, "utf8"));
    const write = (data: unknown): Promise<void> =>
      writeFileAtomic(path, `${JSON.stringify(data, null, 2)}\n`, { mode: PRIVATE_FILE, fsync: false });
    this.#db = new Low<unknown>({ read, write }, null);
    this.#logger = logger;
  }

  async write(state: RolloutState): Promise<void> {
    this.#db.data = summary(state);
    try {
      await this.#db.write();
    } catch {
      this.#logger.warn("projection_not_written", { rollout: state.id });
    }
  }

  /** Whether the file is there and of today's form. */
  async isCurrent(): Promise<boolean> {
    try {
      await this.#db.read();
    } catch {
      return false; // Missing or no JSON: both are mended by writing it anew.
    }
    return Versioned.safeParse(this.#db.data).data?.version === SUMMARY_VERSION;
  }
}
