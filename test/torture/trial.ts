import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandboxProcess } from "../../src/cli/sandbox/sandbox-process.ts";
import { writeSandboxHome } from "../../src/cli/sandbox/sandbox-home.ts";
import { verifyLedger } from "../../src/ledger/verify-ledger.ts";
import type { ApproverKey } from "./approver-key.ts";
import { type HostResult, runHost } from "./host.ts";
import { surroundings } from "./people.ts";

export interface Trial {
  /** Seed of the company. */
  readonly company: number;
  readonly employees: number;
  /** Where the server of each host dies; one entry a host. */
  readonly hosts: readonly (readonly string[])[];
  readonly preloads: readonly string[];
}

export interface TrialResult {
  readonly hosts: readonly HostResult[];
  /** Promises that were broken, a sentence each. */
  readonly broken: readonly string[];
  readonly seconds: number;
}

/** One rollout from start to end under fire, judged by what the vendors hold. */
export async function runTrial(trial: Trial, approver: ApproverKey): Promise<TrialResult> {
  const began = Date.now();
  await using end = new AsyncDisposableStack();
  const place = await mkdtemp(join(tmpdir(), "mfa-rollout-torture-"));
  end.defer(() => rm(place, { recursive: true, force: true }));
  const sandbox = await startSandboxProcess({ seed: trial.company, faults: 0, employees: trial.employees });
  end.defer(() => sandbox.stop());
  const data = join(place, "data");
  await writeSandboxHome(data, sandbox.ready, approver.publicKey);
  const environment = { PATH: process.env.PATH ?? "", MFA_ROLLOUT_HOME: data, ...sandbox.environment, TORTURE_SPEED: process.env.TORTURE_SPEED ?? "1" };
  const hosts = await Promise.all(
    trial.hosts.map(async (targets, index) => {
      const directory = join(place, `host-${index}`);
      await mkdir(directory);
      return runHost({
        directory,
        environment,
        targets,
        surroundings: surroundings(sandbox, environment, approver),
        preloads: trial.preloads,
      });
    }),
  );
  const broken: string[] = [];
  for (const rollout of await readdir(join(data, "rollouts"))) {
    const verified = await verifyLedger(join(data, "rollouts", rollout, "ledger.jsonl"));
    if (!verified.ok) broken.push(`${rollout}: line ${verified.firstBadLine}: ${verified.reason}`);
  }
  return { hosts, broken, seconds: (Date.now() - began) / 1000 };
}
