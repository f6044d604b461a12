import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxCustomer } from "../../src/cli/sandbox/customers.ts";
import { writeSandboxHome } from "../../src/cli/sandbox/sandbox-home.ts";
import { type SandboxReady, sandboxEnvironment } from "../../src/cli/sandbox/sandbox-process.ts";
import { systemClock } from "../../src/config/clock.ts";
import { FileRolloutStore } from "../../src/ledger/file-rollout-store.ts";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { allVendors } from "../../src/sandbox/all-vendors.ts";
import { startSandbox } from "../../src/sandbox/core/sandbox.ts";
import { jsonLogger } from "../../src/server/json-logger.ts";
import { Vendors } from "../support/demo-output.ts";
import { PROMISES } from "../support/promises.ts";
import { readyOf } from "../support/sandbox-ready.ts";
import type { ApproverKey } from "./approver-key.ts";
import { type HostResult, runHost } from "./host.ts";
import { surroundings } from "./people.ts";
import type { WarmServers } from "./warm-servers.ts";

/** What to do to one rollout. The same trial passes the same boundaries, but for what two hosts do at once. */
export interface Trial {
  /** Seed of the company. */
  readonly seed: number;
  /** Slug of the company, one of the sandbox's. */
  readonly company: string;
  /** Where each host's server dies; one entry a host. */
  readonly hosts: readonly (readonly string[])[];
}

export interface TrialResult {
  readonly hosts: readonly HostResult[];
  /** Promises that were broken, a sentence each. */
  readonly broken: readonly string[];
  readonly seconds: number;
  /** Where the data directory and the traces of a broken run are kept; `null` when nothing was broken. */
  readonly kept: string | null;
}

export interface Means {
  readonly approver: ApproverKey;
  readonly servers: WarmServers;
}

/** One rollout from start to end under fire, judged by what the vendors hold and never by what the server says. */
export async function runTrial(trial: Trial, { approver, servers }: Means): Promise<TrialResult> {
  const began = Date.now();
  await using end = new AsyncDisposableStack();
  const place = await mkdtemp(join(tmpdir(), "mfa-rollout-torture-"));
  let kept: string | null = place;
  end.defer(async () => {
    if (kept === null) await rm(place, { recursive: true, force: true });
  });
  const sandbox = end.use(await startSandbox({ vendors: allVendors, seed: trial.seed, company: trial.company }));
  const ready = readyOf(sandbox);
  const data = join(place, "data");
  await writeSandboxHome(data, ready, approver.publicKey);

  const { slug: customer, deadline, order } = sandboxCustomer(ready);
  const wanted = { procedure: "insurer-mfa", customer, deadline, order: order.join(",") };
  const environment = { PATH: process.env.PATH ?? "", MFA_ROLLOUT_HOME: data, ...sandboxEnvironment(ready) };
  const hosts = await Promise.all(
    trial.hosts.map(async (targets, index) => {
      const directory = join(place, `host-${index}`);
      await mkdir(directory);
      const people = surroundings(ready, environment, approver);
      return runHost({ directory, environment, targets, surroundings: people, wanted, servers });
    }),
  );
  const gaveUp = hosts.flatMap((host) => host.gaveUp ?? []).map((why) => `A host gave up: ${why}`);
  const broken = [...gaveUp, ...(await brokenLedgers(data)), ...(await brokenPromises(ready))];
  if (broken.length === 0) kept = null;
  return { hosts, broken, seconds: (Date.now() - began) / 1000, kept };
}

async function brokenPromises(ready: SandboxReady): Promise<readonly string[]> {
  const response = await fetch(new URL("/vendors.json", ready.controlUrl));
  const vendors = Vendors.parse(await response.json());
  return PROMISES.flatMap(({ promise, broken }) => {
    const what = broken(vendors);
    return what.length === 0 ? [] : [`Not kept: ${promise}. ${what.slice(0, 5).join("; ")}`];
  });
}

async function brokenLedgers(data: string): Promise<readonly string[]> {
  const names = await readdir(join(data, "rollouts")).catch(() => []);
  const rollouts: string[] = [];
  for (const name of names) if (await hasBegun(join(data, "rollouts", name, "ledger.jsonl"))) rollouts.push(name);
  const broken = rollouts.length === 1 ? [] : [`there are ${rollouts.length} rollouts`];
  const logger = jsonLogger(() => {});
  const store = new FileRolloutStore({ dir: data, clock: systemClock, actor: "torture", logger });
  for (const rollout of rollouts) {
    // A death at the very end leaves half a line, which whoever writes next cuts off; so somebody writes.
    const last = { type: "step_done", data: { tool: "get_rollout", argsKey: "{}", summary: "looked at" } } as const;
    try {
      await (await store.open(rollout)).append(last);
    } catch (error) {
      broken.push(`${rollout}: ${error}`);
    }
    const verified = await verifyLedger(join(data, "rollouts", rollout, "ledger.jsonl")).catch(() => null);
    if (verified?.ok !== true) {
      broken.push(`${rollout}: line ${verified?.firstBadLine} of the ledger: ${verified?.reason ?? "missing"}`);
    }
  }
  return broken;
}

/** Whether a first entry was written whole: what a process left that died before is no rollout. */
async function hasBegun(ledger: string): Promise<boolean> {
  const text = await readFile(ledger, "utf8").catch(() => "");
  return text.includes("\n");
}
