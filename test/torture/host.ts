import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { startOrResume } from "../../src/cli/drive/drive.ts";
import { follow, type Surroundings } from "../../src/cli/drive/follow.ts";
import { kindOf, OUTSIDE, sameState, stepOf } from "./states.ts";
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
  /** Every boundary that its servers passed, in order, and `OUTSIDE` where others acted. */
  readonly passed: readonly string[];
  /** Where they died, in order. */
  readonly died: readonly string[];
  /**
   * The boundaries that left the same behind as these deaths. Only the first death in a step counts: after it the step is
   * gone through another way, and its boundaries are not those of a rollout that lives.
   */
  readonly covered: readonly string[];
  /** Why the host gave up before the rollout was finished. */
  readonly gaveUp: string | null;
}

/** A host with a copilot that follows the rollout to its end, and whose server is killed again and again. */
export async function runHost(plan: HostPlan): Promise<HostResult> {
  const passed: string[] = [];
  const died: string[] = [];
  const covered: string[] = [];
  const steps: Record<string, number> = {};
  let step = "start";
  let counts: Record<string, number> = {};
  let stuck = 0;
  for (let life = 0; ; life++) {
    const orders = join(plan.directory, `orders-${life}.json`);
    const trace = join(plan.directory, `trace-${life}`);
    const targets = plan.targets.filter((id) => !died.includes(id));
    await writeFile(orders, JSON.stringify({ trace, step, passed: counts, steps, targets }));
    const failure = await live({ ...plan, surroundings: seen(plan.surroundings, trace) }, orders);
    const lines = await traceOf(trace);
    for (const { verb, what } of lines) {
      if (verb === "begun") {
        [step, counts] = [what, {}];
        const [, label = "", nth = "0"] = /^(.*) \((\d+)\)$/.exec(what) ?? [];
        steps[label] = Number(nth);
        continue;
      }
      if (verb !== OUTSIDE) counts[kindOf(what)] = (counts[kindOf(what)] ?? 0) + 1;
    }
    const here = lines.flatMap(({ verb, what }) => (verb === "begun" ? [] : verb === OUTSIDE ? OUTSIDE : what));
    passed.push(...here);
    const end = lines.find(({ verb }) => verb === "died")?.what;
    if (failure === null) return { passed, died, covered, gaveUp: null };
    stuck = end === undefined ? stuck + 1 : 0;
    if (stuck > PATIENCE) return { passed, died, covered, gaveUp: String(failure) };
    if (end === undefined) continue;
    // A process that was to die may get one boundary further, which is where it really died.
    if (!died.some((earlier) => stepOf(earlier) === stepOf(end))) covered.push(...sameState(here));
    died.push(end);
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

/** Marks in the trace when people have acted or time was moved. */
function seen(surroundings: Surroundings, trace: string): Surroundings {
  const mark = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work;
    await appendFile(trace, `${OUTSIDE}\t\n`);
    return result;
  };
  return {
    waitUntil: (until) => mark(surroundings.waitUntil(until)),
    waitForPeople: (next) => mark(surroundings.waitForPeople(next)),
    resolve: (finding) => mark(surroundings.resolve(finding)),
    report: (step) => surroundings.report(step),
  };
}

interface TraceLine {
  /** `passed` or `died` at a boundary, `begun` a step, or `outside`. */
  readonly verb: string;
  readonly what: string;
}

async function traceOf(file: string): Promise<readonly TraceLine[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [verb = "", what = ""] = line.split("\t");
      return { verb, what };
    });
}
