import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Transport } from "@modelcontextprotocol/client";
import { COMPILE_CACHE } from "../../src/config/compile-cache.ts";
import { preload } from "./host.ts";
import { pipes } from "./pipes.ts";
import type { Birth } from "./zygote.ts";

/** V8 without threads, and no listener for the debugger: a fork has the calling thread only. */
const ALONE = ["--v8-pool-size=0", "--single-threaded", "--disable-sigusr1", "--expose-gc"];

/** How often it is looked whether a server lives. */
const WATCH_MS = 5_000;

/** Servers that are born warm: forks of one process that has loaded everything. */
export class WarmServers {
  readonly #zygote: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #lines: Interface;

  #isWarm = false;

  constructor(without: string | null) {
    const preloads = ["fast-time", "boundaries", ...(without === null ? [] : ["sabotage"])];
    this.#zygote = spawn(
      process.execPath,
      [...ALONE, ...preloads.flatMap((name) => preload(name).split(" ")), join(import.meta.dirname, "zygote.ts")],
      {
        stdio: ["ignore", "ignore", "inherit", "pipe", "pipe"],
        env: { ...process.env, TORTURE_WITHOUT: without ?? "", NODE_COMPILE_CACHE: COMPILE_CACHE },
      },
    );
    this.#lines = createInterface({ input: this.#zygote.stdio[4] as NodeJS.ReadableStream }); // a pipe, by the line above
    this.#answers = this.#lines[Symbol.asyncIterator]();
    // It has said why; without it nothing can be shown, neither that promises are kept nor that they are broken.
    this.#zygote.once("exit", (_, signal) => signal === "SIGKILL" || process.exit(1));
  }

  /** @param place - A path that nothing else uses, for the two pipes. */
  async start(environment: Readonly<Record<string, string>>, place: string): Promise<Transport> {
    const birth: Birth = { environment, input: `${place}.in`, output: `${place}.out`, itself: !this.#isWarm };
    this.#isWarm = true;
    (this.#zygote.stdio[3] as NodeJS.WritableStream).write(`${JSON.stringify(birth)}\n`); // a pipe, as above
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error("the zygote is dead");
    const pid = Number(value);
    // The system's fork says -1 when it fails, and whoever kills that kills everything.
    if (!birth.itself && !(pid > 1)) throw new Error("the zygote could not fork");
    const transport = pipes({ input: birth.output, output: birth.input });
    if (birth.itself) return transport;
    const close = transport.close.bind(transport);
    // One that dies before it has opened its pipes closes none.
    const watch = setInterval(() => void (isDead(pid) && transport.close()), WATCH_MS);
    return Object.assign(transport, {
      async close() {
        clearInterval(watch);
        kill(pid);
        await close();
      },
    });
  }

  close(): void {
    this.#zygote.kill("SIGKILL");
  }
}

/** Dead, or a zombie that the zygote buries at the next birth. */
function isDead(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}

/** It may be dead already. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {}
}
