import { stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { makePrivateDirectory } from "./durable-files.ts";
import { RolloutLock } from "./rollout-lock.ts";

/** Giving out a turn takes a millisecond; who cannot have one within this time goes on by its own pace. */
const LOCK_WAIT_MS = 2_000;
/** No queue is longer; a turn farther away was given out before the machine was started anew. */
const LONGEST_QUEUE_MS = 60_000;

/**
 * Gives out turns to all processes of a machine, such as requests to one tenant. The newest turn is kept as the
 * modification time of an empty file, in ms of the machine's monotonic clock, which all processes share and nobody sets;
 * the file is at the same time the lock under which it changes, so that a process that dies leaves nothing half done.
 */
export class TurnstileFile {
  readonly #path: string;
  readonly #lock: RolloutLock;

  constructor(path: string) {
    this.#path = path;
    this.#lock = new RolloutLock(path, LOCK_WAIT_MS, "pace");
  }

  /**
   * @param apartMs - The least time between two turns.
   * @returns how long to wait for the turn that is now the caller's, in ms. Who does not use it has lost it.
   * @throws {BusyError | LedgerError} the file cannot be had; file system errors of its directory.
   */
  async take(apartMs: number): Promise<number> {
    await makePrivateDirectory(dirname(this.#path));
    return this.#lock.hold(async () => {
      const now = Number(process.hrtime.bigint()) / 1e6;
      const newest = (await stat(this.#path)).mtimeMs;
      const next = Math.max(now, newest + apartMs);
      const turn = next - now > LONGEST_QUEUE_MS ? now : next;
      await utimes(this.#path, turn / 1_000, turn / 1_000);
      return turn - now;
    });
  }
}
