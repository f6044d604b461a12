import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { preload } from "./host.ts";
import type { Trial, TrialResult } from "./trial.ts";

/** A process that runs one trial at a time. */
export class Lane {
  readonly #process: ChildProcess;

  constructor(speed: number, without: string | null) {
    // The vendors live in it, as fast as the servers.
    this.#process = fork(join(import.meta.dirname, "lane.ts"), {
      execArgv: preload("fast-time").split(" "),
      env: { ...process.env, TORTURE_SPEED: String(speed), ...(without !== null && { TORTURE_WITHOUT: without }) },
    });
  }

  async run(trial: Trial): Promise<TrialResult> {
    const over = new AbortController();
    const { signal } = over;
    this.#process.send(trial);
    try {
      const [answer] = await Promise.race([
        once(this.#process, "message", { signal }),
        once(this.#process, "exit", { signal }).then(([code, killedBy]) => {
          throw new Error(`a lane ended with ${code ?? killedBy}`);
        }),
      ]);
      return answer as TrialResult; // a lane says nothing else
    } finally {
      over.abort();
    }
  }

  close(): void {
    this.#process.kill();
  }
}
