/**
 * Preloaded into the server to take one protection away, so that the harness shows that it would notice. Changes what a
 * module says as it is loaded; a module that has changed so far that the sabotage finds no place stops the process.
 */
import { registerHooks } from "node:module";

interface Sabotage {
  readonly file: string;
  readonly changes: readonly (readonly [from: string, to: string])[];
}

const INTENT = 'await ledger.append({ type: "effect_intended", data: { key, plan, subject } });';
const DONE = 'await ledger.append({ type: "effect_done", data: { key, outcome, found: false } });';

const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  /** The intent is written when the change has been made, so that a crash between leaves none. */
  intent: {
    file: "src/ledger/once.ts",
    changes: [
      [INTENT, ""],
      [DONE, `${INTENT} ${DONE}`],
    ],
  },
  /** Nothing is ever found at a vendor. */
  find: {
    file: "src/ledger/once.ts",
    changes: [["effect.find({", '(async (_: unknown) => ({ state: "absent", certain: true }))({']],
  },
  /** Everybody has the lock of a rollout; starting one stays locked. */
  lock: {
    file: "src/ledger/rollout-lock.ts",
    changes: [
      [
        "using _ = await this.#acquired(signal);",
        'using _ = this.#path.endsWith("start.lock") ? await this.#acquired(signal) : null;',
      ],
    ],
  },
};

const sabotage = SABOTAGES[process.env.TORTURE_WITHOUT ?? ""];
if (sabotage === undefined) throw new Error("there is no such sabotage");
const { file, changes } = sabotage;

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith(file) || typeof loaded.source === "undefined" || loaded.source === null) return loaded;
    const source = typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source);
    for (const [from] of changes) if (!source.includes(from)) throw new Error(`the sabotage finds no place in ${file}`);
    return { ...loaded, source: changes.reduce((text, [from, to]) => text.replace(from, to), source) };
  },
});
