import { join } from "node:path";
import type { EffectRecord } from "../domain/model/effect.ts";
import type { Sha256 } from "../domain/model/ids.ts";
import type { RolloutEvent } from "../domain/rollout/events.ts";
import type { FoldedState } from "../domain/rollout/fold/folded-state.ts";
import { advance } from "../domain/rollout/fold.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import { LedgerError, StateError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { Effect, JsonObject, Rollout } from "../ports/rollout-store.ts";
import { LedgerFile, type TornTail } from "./ledger-file.ts";
import { once } from "./once.ts";
import { ProjectionFile } from "./projection-file.ts";
import { type LockTimes, RolloutLock } from "./rollout-lock.ts";

export interface FileRolloutOptions {
  readonly clock: Clock;
  /** Who the entries are by: `server`, or `person:<name>`. */
  readonly actor: string;
  readonly logger: Logger;
  readonly lockTimes: LockTimes;
}

/** One rollout in its own directory: `ledger.jsonl`, the truth, and `rollout.json`, a summary made from it. */
export class FileRollout implements Rollout {
  readonly id: string;
  readonly #options: FileRolloutOptions;
  readonly #ledger: LedgerFile;
  readonly #lock: RolloutLock;
  readonly #projection: ProjectionFile;
  readonly #underWay = new Map<string, Promise<JsonObject>>();
  #state: FoldedState | null = null;
  #projectedSeq = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** @param directory - Exists. */
  constructor(id: string, directory: string, options: FileRolloutOptions) {
    this.id = id;
    this.#options = options;
    this.#ledger = new LedgerFile(join(directory, "ledger.jsonl"));
    this.#lock = new RolloutLock(directory, options.lockTimes);
    this.#projection = new ProjectionFile(join(directory, "rollout.json"), options.logger);
  }

  /** The state, or `null` while there is no entry yet. A summary that is missing or of an older form is made anew. */
  async load(): Promise<RolloutState | null> {
    await this.#inTurn(() => this.#read());
    if (this.#state !== null && !(await this.#projection.isCurrent())) await this.#projection.write(this.#state);
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

  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.#lock.held) return work();
    return this.#lock.hold(async () => {
      await this.#inTurn(() => this.#readAndMend());
      try {
        return await work();
      } finally {
        await this.#project();
      }
    });
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

  async #write(events: readonly RolloutEvent[]): Promise<void> {
    if (events.length === 0) return;
    const at = await this.#options.clock.now();
    await this.#inTurn(async () => {
      this.#lock.check();
      try {
        await this.#ledger.append(events, { at, actor: this.#options.actor });
      } catch (error) {
        if (error instanceof StateError) this.#lock.lose();
        throw error;
      }
      await this.#read();
    });
  }

  async #read(): Promise<TornTail | null> {
    return this.#ledger.read((entry) => {
      this.#state = advance(this.#state, entry);
    });
  }

  /** Under the lock nobody else writes, so an unfinished last line is one that will never be finished. */
  async #readAndMend(): Promise<void> {
    const torn = await this.#read();
    if (torn === null) return;
    await this.#ledger.cutTornTail();
    this.#options.logger.warn("ledger_torn_line_cut", { rollout: this.id, ...torn });
  }

  async #project(): Promise<void> {
    if (this.#state === null || this.#state.seq === this.#projectedSeq) return;
    this.#projectedSeq = this.#state.seq;
    await this.#projection.write(this.#state);
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
