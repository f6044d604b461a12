/**
 * Preloaded into the server to take one protection away, so that the harness shows that it would notice. Changes what a
 * module says as it is loaded; a module that has changed so far that the sabotage finds no place stops the process.
 */
import { registerHooks } from "node:module";

const SABOTAGE: Readonly<Record<string, readonly [file: string, from: string, to: string]>> = {
  intent: [
    "src/ledger/once.ts",
    'await ledger.append({ type: "effect_intended", data: { key, plan, subject } });',
    "subject;",
  ],
  find: ["src/ledger/once.ts", "effect.find({", '(async (_: unknown) => ({ state: "absent", certain: true }))({'],
  lock: ["src/ledger/rollout-lock.ts", "const release = await this.#acquire(hold);", "const release = async () => {};"],
};

const [file, from, to] = SABOTAGE[process.env.TORTURE_WITHOUT ?? ""] ?? ["", "", ""];

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith(file) || typeof loaded.source === "undefined" || loaded.source === null) return loaded;
    const source = typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source);
    if (!source.includes(from)) throw new Error(`the sabotage finds no place in ${file}`);
    return { ...loaded, source: source.replace(from, to) };
  },
});
