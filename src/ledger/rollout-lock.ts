import { AsyncLocalStorage } from "node:async_hooks";
import { open } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { BusyError, CancelledError, LedgerError } from "../errors.ts";
import { isCode, PRIVATE_FILE } from "./durable-files.ts";

/** How long a call waits for another holder, in ms. */
export const LOCK_WAIT_MS = 30_000;
const RETRY_MS = 25;

/** SQLite's primary result code when somebody else holds the lock; see https://www.sqlite.org/rescode.html. */
const SQLITE_BUSY = 5;

interface Hold {
  ended: boolean;
}

/**
 * The lock of one rollout, among processes and among the calls of one process. Re-entrant in one call chain. It is the
 * operating system's lock on a file, which SQLite takes for us: a holder keeps it however long it hangs, and the kernel
 * frees it when the holder dies (docs/adr/0015). The file stays empty and stays there; only locks on it count.
 */
export class RolloutLock {
  readonly #path: string;
  readonly #waitMs: number;
  readonly #what: string;
  readonly #holds = new AsyncLocalStorage<Hold>();

  /**
   * @param path - The lock's own file, in a directory that exists.
   * @param what - What it keeps apart, for the messages, where that is no rollout.
   */
  constructor(path: string, waitMs: number, what = "rollout") {
    this.#path = path;
    this.#waitMs = waitMs;
    this.#what = what;
  }

  /** Whether this call chain holds the lock. */
  get held(): boolean {
    return this.#holds.getStore()?.ended === false;
  }

  /**
   * @param signal - Ends the waiting.
   * @throws {BusyError} someone else holds it for longer than we wait; {CancelledError} the caller gave up waiting;
   * {LedgerError} it cannot be made.
   */
  async hold<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const hold: Hold = { ended: false };
    using _ = await this.#acquired(signal);
    try {
      return await this.#holds.run(hold, work);
    } finally {
      hold.ended = true;
    }
  }

  /** Closing what is returned frees the lock. */
  async #acquired(signal: AbortSignal | undefined): Promise<DatabaseSync> {
    const file = await this.#opened();
    const until = performance.now() + this.#waitMs;
    try {
      for (;;) {
        if (signal?.aborted) throw cancelled();
        if (isTakenNow(file, this.#what)) return file;
        if (performance.now() >= until) throw busy(this.#what);
        await pause(RETRY_MS);
      }
    } catch (error) {
      file.close();
      throw error;
    }
  }

  async #opened(): Promise<DatabaseSync> {
    try {
      await makeOnce(this.#path);
      return new DatabaseSync(this.#path, { timeout: 0 });
    } catch (cause) {
      throw notLocked(this.#what, cause);
    }
  }
}

/**
 * SQLite would make the file readable for everyone. One that is there is not opened: closing any of a process's
 * descriptors of a file frees all locks that the process has on it (POSIX), and SQLite alone knows when to.
 */
async function makeOnce(path: string): Promise<void> {
  try {
    await (await open(path, "wx", PRIVATE_FILE)).close();
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  }
}

/**
 * Of a file that it may not write SQLite takes a shared lock and says nothing, so a change is begun that it must refuse
 * then; closing drops it. Nothing reaches the file, and with the journal in memory none is made beside it.
 */
function isTakenNow(file: DatabaseSync, what: string): boolean {
  try {
    file.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE; PRAGMA user_version = 1");
    return true;
  } catch (cause) {
    const isBusy = cause instanceof Error && "errcode" in cause && Number(cause.errcode) % 256 === SQLITE_BUSY;
    if (isBusy) return false;
    throw notLocked(what, cause);
  }
}

const cancelled = (): CancelledError =>
  new CancelledError("The call was cancelled before it could work on the rollout; nothing was begun.", {
    nextStep: "Call the tool again with the same arguments if the work is still wanted.",
  });

/** For tools and commands alike, whoever holds it. */
const busy = (what: string): BusyError =>
  new BusyError(`Another call or command is still at work on this ${what}.`, {
    nextStep:
      "Try the same again in a minute; if it lasts, a person has to see which process of this data directory hangs.",
  });

const notLocked = (what: string, cause: unknown): LedgerError =>
  new LedgerError(`The ${what} cannot be locked, so nothing was done.`, {
    nextStep: "Ask the operator to check free space and permissions of the data directory, then call the tool again.",
    cause,
  });
