import { access, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { RolloutEvent } from "../domain/rollout/events.ts";
import { NotFoundError, StateError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { Rollout, RolloutStore } from "../ports/rollout-store.ts";
import { fileLines, isCode, makePrivateDirectory } from "./durable-files.ts";
import type { FileRollout } from "./file-rollout.ts";

/** Known rollouts that a refusal names. */
const MOST_NAMED = 50;
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
  readonly #lockWaitMs: number | undefined;
  /** Kept once loaded, so that each ledger is read once and then only its tail. */
  readonly #loaded = new Map<string, FileRollout>();

  /**
   * @param options.dir - The data directory.
   * @param options.actor - Written into every entry: `server`, or `person:<name>`.
   * @param options.logger - Is told when an interrupted write was cut off a ledger's end.
   * @param options.lockWaitMs - How long a call waits while another works on the rollout. Default: `LOCK_WAIT_MS`.
   */
  constructor(options: {
    readonly dir: string;
    readonly clock: Clock;
    readonly actor: string;
    readonly logger: Logger;
    readonly lockWaitMs?: number;
  }) {
    const { dir, clock, actor, logger, lockWaitMs } = options;
    this.#root = join(dir, "rollouts");
    this.#options = { clock, actor, logger };
    this.#lockWaitMs = lockWaitMs;
  }

  async list(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const name of await namesIn(this.#root)) if (await this.#exists(name)) found.push(name);
    return found.sort();
  }

  async whileNoneStarts<T>(work: () => Promise<T>): Promise<T> {
    await makePrivateDirectory(this.#root);
    const { LOCK_WAIT_MS, RolloutLock } = await import("./rollout-lock.ts");
    return new RolloutLock(join(this.#root, "start.lock"), this.#lockWaitMs ?? LOCK_WAIT_MS).hold(work);
  }

  async create(id: string, first: RolloutEvent): Promise<Rollout> {
    if (!ID.test(id)) throw new RangeError("a rollout's id is made of letters, digits, _ and -");
    await makePrivateDirectory(join(this.#root, id));
    const rollout = await this.#rollout(id);
    await rollout.exclusively(async () => {
      if ((await rollout.load()) !== null) throw taken(id);
      await rollout.append(first);
    });
    this.#loaded.set(id, rollout);
    return rollout;
  }

  async open(id: string): Promise<Rollout> {
    const known = this.#loaded.get(id);
    if (known !== undefined) return known;
    if (!(await this.#exists(id))) throw await this.#unknown();
    const rollout = await this.#rollout(id);
    if ((await rollout.load()) === null) throw await this.#unknown();
    const loaded = this.#loaded.get(id) ?? rollout; // Another call may have been faster.
    this.#loaded.set(id, loaded);
    return loaded;
  }

  /** Loads what ledgers are made with (locks, atomic writes) on first use: a server starts without. */
  async #rollout(id: string): Promise<FileRollout> {
    const [{ FileRollout }, { LOCK_WAIT_MS }] = await Promise.all([
      import("./file-rollout.ts"),
      import("./rollout-lock.ts"),
    ]);
    return new FileRollout(id, join(this.#root, id), {
      ...this.#options,
      lockWaitMs: this.#lockWaitMs ?? LOCK_WAIT_MS,
    });
  }

  /**
   * A rollout exists from the end of its ledger's first line on; before, an interrupted start is all there is. One whose
   * ledger is gone exists as well, by its summary: it must not be begun anew.
   */
  async #exists(id: string): Promise<boolean> {
    if (!ID.test(id)) return false;
    const directory = join(this.#root, id);
    return (await hasLine(join(directory, "ledger.jsonl"))) || (await isThere(join(directory, "rollout.json")));
  }

  async #unknown(): Promise<NotFoundError> {
    const known = await this.list();
    return new NotFoundError("There is no rollout of this id.", {
      nextStep: "Use one of the ids in details.known, or call start_rollout.",
      details: { known: known.slice(0, MOST_NAMED) },
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
    if (isCode(error, "ENOENT")) return [];
    throw error;
  }
}

async function hasLine(path: string): Promise<boolean> {
  try {
    await using file = await open(path, "r");
    for await (const { whole } of fileLines(file)) return whole;
    return false;
  } catch (error) {
    return !isCode(error, "ENOENT") && !isCode(error, "ENOTDIR"); // One that is not for us is opened all the same, and that says why.
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
