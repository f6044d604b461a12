import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Transport } from "@modelcontextprotocol/client";
import { COMPILE_CACHE } from "../../src/config/compile-cache.ts";
import { preload } from "./host.ts";
import type { Birth } from "./zygote.ts";

/** V8 without threads, and no listener for the debugger: a fork has the calling thread only. */
const ALONE = ["--v8-pool-size=0", "--single-threaded", "--disable-sigusr1"];

/** Servers that are born warm: forks of one process that has loaded everything. */
export class WarmServers {
  readonly #zygote: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #lines: Interface;

  constructor(without: string | null) {
    const preloads = ["fast-time", "boundaries", ...(without === null ? [] : ["sabotage"])];
    this.#zygote = spawn(
      process.execPath,
      [...ALONE, ...preloads.flatMap((name) => preload(name).split(" ")), join(import.meta.dirname, "zygote.ts")],
      {
        stdio: ["ignore", "ignore", process.env.TORT_ERR === undefined ? "ignore" : "inherit", "pipe", "pipe"],
        env: { ...process.env, TORTURE_WITHOUT: without ?? "", NODE_COMPILE_CACHE: COMPILE_CACHE },
      },
    );
    this.#lines = createInterface({ input: this.#zygote.stdio[4] as NodeJS.ReadableStream }); // a pipe, by the line above
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  /** @param place - A path that nothing else uses, for the two pipes. */
  async start(environment: Readonly<Record<string, string>>, place: string): Promise<Transport> {
    const birth: Birth = { environment, input: `${place}.in`, output: `${place}.out` };
    (this.#zygote.stdio[3] as NodeJS.WritableStream).write(`${JSON.stringify(birth)}\n`); // a pipe, as above
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error("the zygote is dead");
    return pipes(Number(value), birth);
  }

  close(): void {
    this.#zygote.kill("SIGKILL");
  }
}

/** Messages over two named pipes, one a line. When the server dies, its end of them closes. */
function pipes(pid: number, { input, output }: Birth): Transport {
  // Neither waits for the other side: the server opens them when it is awake.
  const from = openSync(output, constants.O_RDONLY | constants.O_NONBLOCK);
  const reading = new Socket({ fd: from, readable: true, writable: false });
  const writing = new Socket({ fd: openSync(input, constants.O_RDWR), readable: false, writable: true });
  const transport: Transport = {
    async start() {
      const lines = createInterface({ input: reading });
      lines.on("line", (line) => transport.onmessage?.(JSON.parse(line)));
      lines.on("close", () => transport.onclose?.());
    },
    async send(message) {
      if (!writing.write(`${JSON.stringify(message)}\n`)) await once(writing, "drain");
    },
    async close() {
      kill(pid);
      writing.destroy();
      reading.destroy();
    },
  };
  return transport;
}

/** It may be dead already. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {}
}
