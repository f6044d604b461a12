import { join } from "node:path";
import type { EffectRecord } from "../domain/model/effect.ts";
import type { Sha256 } from "../domain/model/ids.ts";
import type { LedgerEntry, RolloutEvent } from "../domain/rollout/events.ts";
import type { FoldedState } from "../domain/rollout/fold/folded-state.ts";
import { advance } from "../domain/rollout/fold.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import { LedgerError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { Effect, JsonObject, Rollout } from "../ports/rollout-store.ts";
import { damaged, isDamage, LedgerFile, type TornTail } from "./ledger-file.ts";
import { once } from "./once.ts";
import { type LedgerMark, ProjectionFile, readMark } from "./projection-file.ts";
import { RolloutLock } from "./rollout-lock.ts";

export interface FileRolloutOptions {
  readonly clock: Clock;
  /** Who the entries are by: `server`, or `person:<name>`. */
  readonly actor: string;
  readonly logger: Logger;
  readonly lockWaitMs: number;
}

/** One rollout in its own directory: `ledger.jsonl`, the truth, and `rollout.json`, a summary made from it. */
export class FileRollout implements Rollout {
  readonly id: string;
  readonly #options: FileRolloutOptions;
  readonly #ledgerPath: string;
  readonly #lock: RolloutLock;
  readonly #summaryPath: string;
  readonly #projection: ProjectionFile;
  readonly #underWay = new Map<string, Promise<JsonObject>>();
  #ledger: LedgerFile;
  #state: FoldedState | null = null;
  #last: Promise<unknown> = Promise.resolve();
  /** What waits to be written, in order, and the write that will take it. */
  #waiting: RolloutEvent[] = [];
  #nextWrite: Promise<void> | null = null;

  /** @param directory - Exists. */
  constructor(id: string, directory: string, options: FileRolloutOptions) {
    this.id = id;
    this.#options = options;
    this.#ledgerPath = join(directory, "ledger.jsonl");
    this.#ledger = new LedgerFile(this.#ledgerPath);
    this.#lock = new RolloutLock(join(directory, "rollout.lock"), options.lockWaitMs);
    this.#summaryPath = join(directory, "rollout.json");
    this.#projection = new ProjectionFile(this.#summaryPath, options.logger);
  }

  /**
   * The state, or `null` while there is no entry yet; to be asked first. A summary that is missing, behind or of another
   * version is made anew. One that is ahead of the ledger, or of another one, tells that entries were lost: the chain
   * alone cannot show a missing end.
   * @throws {LedgerError} damaged, or its end is missing.
   */
  async load(): Promise<RolloutState | null> {
    const mark = await readMark(this.#summaryPath); // Before the ledger, which other processes go on with.
    await this.#inTurn(() => this.#readAnew(mark).catch((error: unknown) => this.#onceMore(error)));
    if (this.#state !== null && mark?.seq !== this.#state.seq) await this.#projection.follow(this.#state);
    return this.#state;
  }

  async state(): Promise<RolloutState> {
    await this.#inTurn(() => this.#read());
    return this.#current();
  }

  async append(...events: readonly RolloutEvent[]): Promise<RolloutState> {
    return this.exclusively(async () => {
      await this.#write(events);
      return this.#current();
    });
  }

  async exclusively<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#lock.held) return work();
    return this.#lock.hold(async () => {
      await this.#inTurn(() => this.#readAndMend());
      try {
        return await work();
      } finally {
        if (this.#state !== null) await this.#projection.follow(this.#state);
      }
    }, signal);
  }

  once(effect: Effect, plan: Sha256, signal: AbortSignal): Promise<JsonObject> {
    if (!this.#lock.held) throw new TypeError("once() is called inside exclusively() only");
    const known = this.#underWay.get(effect.key);
    if (known !== undefined) return known;
    const ledger = {
      rollout: this.id,
      record: (key: string): EffectRecord | undefined => this.#state?.effects.get(key),
      append: (event: RolloutEvent): Promise<void> => this.#write([event]),
    };
    const outcome = once(ledger, { effect, plan, signal }).finally(() => this.#underWay.delete(effect.key));
    this.#underWay.set(effect.key, outcome);
    return outcome;
  }

  /** Whatever comes while the file is busy shares the next write: one time, one fsync, and one failure for all of it. */
  async #write(events: readonly RolloutEvent[]): Promise<void> {
    if (events.length === 0) return;
    this.#waiting.push(...events);
    this.#nextWrite ??= this.#inTurn(() => this.#writeWaiting());
    await this.#nextWrite;
  }

  async #writeWaiting(): Promise<void> {
    const events = this.#waiting;
    this.#waiting = [];
    this.#nextWrite = null;
    await this.#appendNow(events);
  }

  async #appendNow(events: readonly RolloutEvent[]): Promise<void> {
    const at = await this.#options.clock.now();
    try {
      await this.#ledger.append(events, { at, actor: this.#options.actor, take: this.#take });
    } catch (error) {
      // Who was started meanwhile may have read what was taken back, and made the summary from it.
      if (this.#state !== null) await this.#projection.write(this.#state);
      throw error;
    }
  }

  readonly #take = (entry: LedgerEntry): void => {
    this.#state = advance(this.#state, entry);
  };

  #read(): Promise<TornTail | null> {
    return this.#ledger.read(this.#take).catch((error: unknown) => this.#onceMore(error));
  }

  /**
   * Readers do not wait for the lock, so a writer may have taken back the line that was read last, since its disk did not
   * take it, or have cut a torn end while it was read. Damage is what is still there when the ledger is read once more.
   */
  async #onceMore(error: unknown): Promise<TornTail | null> {
    if (!isDamage(error)) throw error;
    return this.#readAnew(await readMark(this.#summaryPath));
  }

  /** Reads from the first line on, as a process does that was just started; what it finds counts once all of it is good. */
  async #readAnew(mark: LedgerMark | null): Promise<TornTail | null> {
    const { durable } = this.#ledger;
    const ledger = new LedgerFile(this.#ledgerPath, durable);
    const found: { state: FoldedState | null } = { state: null };
    const torn = await ledger.read((entry) => {
      if (entry.seq === mark?.seq && entry.hash !== mark.head) {
        throw damaged(entry.seq, "it is another line than the summary was made from");
      }
      if (entry.seq === durable.seq && entry.hash !== durable.hash) {
        throw damaged(entry.seq, "it is another line than it was");
      }
      found.state = advance(found.state, entry);
    });
    const whole = found.state?.seq ?? 0;
    const lines = whole === 0 || torn === null ? whole : whole + 1;
    if (mark !== null && mark.seq > lines) throw damaged(lines + 1, "it is missing, and the summary knows it");
    if (durable.seq > whole) throw damaged(whole + 1, "it is missing, and was there before");
    this.#ledger = ledger;
    this.#state = found.state;
    return torn;
  }

  /** Under the lock nobody else writes, so an unfinished last line is one that will never be finished. */
  async #readAndMend(): Promise<void> {
    const torn = await this.#read();
    // First the summary, which must never be ahead of the ledger.
    if (torn !== null && this.#state !== null) await this.#projection.write(this.#state);
    await this.#ledger.mend(torn);
    if (torn === null) return;
    this.#options.logger.warn("ledger_torn_line_cut", { rollout: this.id, ...torn });
    if (this.#state !== null) await this.#appendNow([{ type: "torn_line_cut", data: { bytes: torn.bytes } }]);
  }

  /** Reading and writing the file, one after another: calls inside `exclusively` may overlap. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  #current(): RolloutState {
    if (this.#state !== null) return this.#state;
    throw new LedgerError("The ledger is empty.", { nextStep: "Ask the operator to restore it from a backup." });
  }
}
