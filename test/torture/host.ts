import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { startOrResume } from "../../src/cli/drive/drive.ts";
import { follow, type Surroundings } from "../../src/cli/drive/follow.ts";
import { sameState } from "./states.ts";
import type { WarmServers } from "./warm-servers.ts";

/** The option of node that loads one of the preloads. */
export const preload = (name: string): string =>
  `--import ${pathToFileURL(join(import.meta.dirname, "preload", `${name}.ts`)).href}`;

/**
 * A host that could not go on is opened again by whoever works with it, as often as this in a row: on a slow machine
 * a vendor's answers, and the other host, are late too often in a row for one copilot.
 */
const PATIENCE = 10;

/** Longer than any pause of a rollout, so that it is not shortened: a slow machine may take a minute to answer. */
const ANSWER_MS = 600_000;

export interface HostPlan {
  /** A directory of this host's own. */
  readonly directory: string;
  /** The server's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Boundaries at which its server dies. */
  readonly targets: readonly string[];
  readonly surroundings: Surroundings;
  readonly wanted: Parameters<typeof startOrResume>[1];
  readonly servers: WarmServers;
}

export interface HostResult {
  /** Every boundary that its servers passed, in order. */
  readonly passed: readonly string[];
  /** Where they died, in order. */
  readonly died: readonly string[];
  /** The boundaries that left the same behind as these deaths, themselves included. */
  readonly covered: readonly string[];
  /** Why the host gave up before the rollout was finished. */
  readonly gaveUp: string | null;
}

/** A host with a copilot that follows the rollout to its end, and whose server is killed again and again. */
export async function runHost(plan: HostPlan): Promise<HostResult> {
  const passed: string[] = [];
  const died: string[] = [];
  const covered: string[] = [];
  const counts = new Map<string, number>();
  let stuck = 0;
  for (let life = 0; ; life++) {
    const orders = join(plan.directory, `orders-${life}.json`);
    const trace = join(plan.directory, `trace-${life}`);
    const targets = plan.targets.filter((id) => !died.includes(id));
    await writeFile(orders, JSON.stringify({ trace, passed: Object.fromEntries(counts), targets }));
    const failure = await live(plan, orders);
    const lines = await traceOf(trace);
    for (const { id } of lines) {
      passed.push(id);
      const [, kind = "", nth = "0"] = /^(.*) #(\d+)$/.exec(id) ?? [];
      counts.set(kind, Number(nth));
    }
    const end = lines.find((line) => line.died);
    if (failure === null) return { passed, died, covered, gaveUp: null };
    stuck = end === undefined ? stuck + 1 : 0;
    if (stuck > PATIENCE) return { passed, died, covered, gaveUp: String(failure) };
    if (end === undefined) continue;
    died.push(end.id);
    covered.push(...sameState(lines.slice(0, lines.indexOf(end) + 1).map(({ id }) => id)));
  }
}

/** One life of the server. `null` when the rollout is finished, else how the conversation broke off. */
async function live(plan: HostPlan, orders: string): Promise<unknown> {
  try {
    const server = await startServer(plan, orders);
    try {
      const rollout = await startOrResume(server.client, plan.wanted);
      await follow(server.client, rollout, plan.surroundings);
      return null;
    } finally {
      await server.close();
    }
  } catch (error) {
    return error;
  }
}

async function startServer({ environment, servers }: HostPlan, orders: string) {
  const client = new Client({ name: "torture", version: "0.1.0" });
  const transport = await servers.start({ ...environment, TORTURE_ORDERS: orders }, orders);
  await client.connect(transport, { timeout: ANSWER_MS });
  return { client, close: () => client.close() };
}

interface TraceLine {
  readonly id: string;
  readonly died: boolean;
}

async function traceOf(file: string): Promise<readonly TraceLine[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => ({ id: line.split("\t")[1] ?? "", died: line.startsWith("died") }));
}
