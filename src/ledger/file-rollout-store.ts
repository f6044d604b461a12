import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { RolloutEvent } from "../domain/rollout/events.ts";
import { NotFoundError, StateError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { Rollout, RolloutStore } from "../ports/rollout-store.ts";
import { makePrivateDirectory } from "./durable-files.ts";
import type { FileRollout } from "./file-rollout.ts";
import type { LockTimes } from "./rollout-lock.ts";

/** Also keeps an id from naming a place outside the store. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** The rollouts of one data directory, each in `rollouts/<id>/`. Several processes may use it at once. */
export class FileRolloutStore implements RolloutStore {
  readonly #root: string;
  readonly #options: {
    readonly clock: Clock;
    readonly actor: string;
    readonly logger: Logger;
  };
  readonly #lockTimes: LockTimes | undefined;
  /** Kept, so that each ledger is read once and then only its tail. */
  readonly #rollouts = new Map<string, FileRollout>();

  /**
   * @param options.dir - The data directory.
   * @param options.actor - Written into every entry: `server`, or `person:<name>`.
   * @param options.logger - Is told when an interrupted write was cut off a ledger's end.
   */
  constructor(options: {
    readonly dir: string;
    readonly clock: Clock;
    readonly actor: string;
    readonly logger: Logger;
    readonly lockTimes?: LockTimes;
  }) {
    const { dir, clock, actor, logger, lockTimes } = options;
    this.#root = join(dir, "rollouts");
    this.#options = { clock, actor, logger };
    this.#lockTimes = lockTimes;
  }

  async list(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const name of await namesIn(this.#root)) {
      if (ID.test(name) && (await exists(join(this.#root, name, "ledger.jsonl")))) found.push(name);
    }
    return found.sort();
  }

  async create(id: string, first: RolloutEvent): Promise<Rollout> {
    if (!ID.test(id)) throw new RangeError("a rollout's id is made of letters, digits, _ and -");
    await makePrivateDirectory(join(this.#root, id));
    const rollout = await this.#rollout(id);
    await rollout.exclusively(async () => {
      if ((await rollout.load()) !== null) throw taken(id);
      await rollout.append(first);
    });
    return rollout;
  }

  async open(id: string): Promise<Rollout> {
    if (!ID.test(id) || !(await exists(join(this.#root, id, "ledger.jsonl")))) throw await this.#unknown(id);
    const known = this.#rollouts.get(id);
    if (known !== undefined) return known;
    const rollout = await this.#rollout(id);
    if ((await rollout.load()) === null) throw await this.#unknown(id);
    return rollout;
  }

  /** Loads what ledgers are made with (locks, atomic writes) on first use: a server starts without. */
  async #rollout(id: string): Promise<FileRollout> {
    const [{ FileRollout }, { LOCK_TIMES }] = await Promise.all([
      import("./file-rollout.ts"),
      import("./rollout-lock.ts"),
    ]);
    const known = this.#rollouts.get(id);
    if (known !== undefined) return known;
    const rollout = new FileRollout(id, join(this.#root, id), {
      ...this.#options,
      lockTimes: this.#lockTimes ?? LOCK_TIMES,
    });
    this.#rollouts.set(id, rollout);
    return rollout;
  }

  async #unknown(id: string): Promise<NotFoundError> {
    const known = await this.list();
    return new NotFoundError("There is no rollout of this id.", {
      nextStep: "Use one of the ids in details.known, or call start_rollout.",
      details: { asked: id.slice(0, 128), known },
    });
  }
}

const taken = (id: string): StateError =>
  new StateError("There is a rollout of this id already.", {
    nextStep: "Call get_rollout with this id to go on with it.",
    details: { rollout: id },
  });

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false; // Missing, or not for us; opening it says which.
  }
}
