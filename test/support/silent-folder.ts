import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { wrap } from "../torture/preload/wrap.ts";

/** What is asked of a disk about a path. */
type Question = "mkdir" | "stat" | "access" | "open" | "rename";
const QUESTIONS: readonly Question[] = ["mkdir", "stat", "access", "open", "rename"];

/**
 * A folder whose disk keeps what it is asked to itself, as a share does whose server is gone, until it answers or this
 * is disposed: only root could make a real one.
 */
export function startSilentFolder(folder: string, questions: readonly Question[] = QUESTIONS) {
  const { promise, resolve: answer } = Promise.withResolvers<void>();
  const asked: Question[] = [];
  const real = questions.map((name) => [name, promises[name]] as const);
  for (const name of questions) {
    wrap(promises, name, async (call, [path]) => {
      if (!String(path).startsWith(folder)) return call();
      asked.push(name);
      await promise;
      return call();
    });
  }
  syncBuiltinESMExports();
  return {
    asked,
    answer,
    [Symbol.dispose]: () => {
      for (const [name, call] of real) Reflect.set(promises, name, call);
      syncBuiltinESMExports();
      answer();
    },
  };
}
