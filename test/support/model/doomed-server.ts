import { setTimeout as pause } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/client";
import { type Call, callTool, type Harness } from "../harness.ts";
import { serverProcess } from "../server-process.ts";

/** How often it is looked whether the fatal request has come. */
const WATCH_MS = 50;

/** Any request, but signing in and what only asks with a POST. */
export const ANY = "^(?!.*(token|\\$batch|evaluate|executeQueries))";

/** The request at which a server dies: carried out by the vendor or not, but never answered. */
export interface Death {
  readonly method: "GET" | "POST" | "PATCH";
  /** Source of a regular expression, tried on path and query. */
  readonly path: string;
  /** Which of those that fit. */
  readonly nth: number;
  readonly isCarriedOut: boolean;
  /** Steps of the rollout within which it dies, or lives. */
  readonly within: number;
}

/** The server was killed before it had answered. */
export class Died extends Error {}

/** A server process of its own on the office's data directory, killed while it waits for the answer to that request. */
export async function startDoomedServer(office: Harness, { method, path, nth, isCarriedOut }: Death) {
  const kind = isCarriedOut ? "no_answer" : "hang";
  const transport = serverProcess(office);
  const client = new Client({ name: "model", version: "0.0.0" });
  await client.connect(transport);

  const fatalRequests = async (): Promise<number> =>
    (await office.box.exchanges()).filter((exchange) => (exchange as { fault: unknown }).fault === kind).length;
  const before = await fatalRequests();
  const fatal = { method, path };
  if (nth > 1) await office.box.fail({ ...fatal, kind: "delay", delayMs: 0, times: nth - 1 });
  await office.box.fail({ ...fatal, kind, times: 1 });

  const call: Call = async (tool, args = {}) => {
    const answer = callTool(client, { name: tool, arguments: { ...args } }, {});
    const ended = answer.then(
      () => true,
      () => true,
    );
    while (!(await Promise.race([ended, pause(WATCH_MS, false)]))) {
      if ((await fatalRequests()) === before) continue;
      process.kill(transport.pid ?? Number.NaN, "SIGKILL");
      const wasAnswered = await answer.then(
        () => true,
        () => false,
      );
      if (wasAnswered) throw new Error(`${tool} was answered though the answer to its request never came`);
      throw new Died(`in ${tool}, at ${method} ${path}`);
    }
    return answer;
  };
  return {
    call,
    async [Symbol.asyncDispose](): Promise<void> {
      await client.close();
      await office.mend();
    },
  };
}
