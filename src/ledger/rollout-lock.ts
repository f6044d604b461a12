import { AsyncLocalStorage } from "node:async_hooks";
import { lock } from "proper-lockfile";
import { LedgerError, StateError } from "../errors.ts";
import { lockLost } from "./ledger-file.ts";

export interface LockTimes {
  /** A holder that has not beaten for this long is taken for dead. At least 2,000. */
  readonly staleMs: number;
  /** How long to wait for another holder. */
  readonly waitMs: number;
}

/** A holder beats every third of `staleMs`, so it must hang for most of it before it can be robbed. */
export const LOCK_TIMES: LockTimes = { staleMs: 10_000, waitMs: 30_000 };
const RETRY_MS = 50;

interface Hold {
  ended: boolean;
  lost: boolean;
}

/**
 * The lock of one rollout, among processes and among the calls of one process. Re-entrant in one call chain. A holder that
 * dies frees it by no longer beating; one that was robbed finds out at the latest when it wants to append.
 */
export class RolloutLock {
  readonly #directory: string;
  readonly #times: LockTimes;
  readonly #holds = new AsyncLocalStorage<Hold>();

  /** @param directory - The rollout's own, which exists; the lock is a directory `lock` inside. */
  constructor(directory: string, times: LockTimes) {
    this.#directory = directory;
    this.#times = times;
  }

  /** Whether this call chain holds the lock. */
  get held(): boolean {
    return this.#holds.getStore()?.ended === false;
  }

  /** @throws {StateError} this call chain's lock was taken over by another process. */
  check(): void {
    if (this.#holds.getStore()?.lost === true) throw lockLost();
  }

  /** To be called when it shows that another process wrote under this call chain's lock: that lock is theirs now. */
  lose(): void {
    const hold = this.#holds.getStore();
    if (hold !== undefined) hold.lost = true;
  }

  /** @throws {StateError} someone else holds it for longer than we wait; {LedgerError} it cannot be made. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    const hold: Hold = { ended: false, lost: false };
    const release = await this.#acquire(hold);
    try {
      return await this.#holds.run(hold, work);
    } finally {
      hold.ended = true;
      // The work is done whatever becomes of the lock: one that cannot be removed goes stale by itself.
      if (!hold.lost) await release().catch(() => undefined);
    }
  }

  async #acquire(hold: Hold): Promise<() => Promise<void>> {
    const { staleMs, waitMs } = this.#times;
    try {
      return await lock(this.#directory, {
        lockfilePath: `${this.#directory}/lock`,
        stale: staleMs,
        update: staleMs / 3,
        retries: { retries: Math.ceil(waitMs / RETRY_MS), factor: 1, minTimeout: RETRY_MS, maxTimeout: RETRY_MS },
        onCompromised: () => {
          hold.lost = true;
        },
      });
    } catch (cause) {
      throw cause instanceof Error && "code" in cause && cause.code === "ELOCKED" ? busy(cause) : notLocked(cause);
    }
  }
}

const busy = (cause: unknown): StateError =>
  new StateError("Another call or process is working on this rollout.", {
    nextStep: "Wait until it is done, then call the tool again.",
    cause,
  });

const notLocked = (cause: unknown): LedgerError =>
  new LedgerError("The rollout cannot be locked, so nothing was done.", {
    nextStep: "Ask the operator to check free space and permissions of the data directory, then call the tool again.",
    cause,
  });
