import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { createApproverKey } from "../../approvals/keys.ts";
import { connectToServer } from "../drive/connect.ts";
import { call, follow, type Next, type Surroundings } from "../drive/follow.ts";
import { programFile } from "../program-file.ts";
import { type SandboxCustomer, sandboxCustomer } from "../sandbox/customers.ts";
import { SANDBOX_APPROVER, writeSandboxHome } from "../sandbox/sandbox-home.ts";
import { type SandboxProcess, startSandboxProcess } from "../sandbox/sandbox-process.ts";
import { collect } from "./collect.ts";
import { type DemoOptions, readDemoOptions } from "./options.ts";
import { Timeline } from "./timeline.ts";
import { judge } from "./verdict.ts";

/** People who have not acted after this many looks never will. */
const LOOKS = 800;
/** A moment nearer than this is waited for in real time. */
const CLOSE_MS = 1_000;
const LOOK_MS = 50;

process.exitCode = await demo(readDemoOptions(process.argv.slice(2)));

/** The nine steps at one company of the sandbox, start to end. Exit code 0 when the vendors' own state shows that all went right. */
async function demo(options: DemoOptions): Promise<number> {
  const began = performance.now();
  const output = resolve(options.output);
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  const home = await mkdtemp(join(tmpdir(), "mfa-rollout-demo-"));
  await using end = new AsyncDisposableStack();
  end.defer(() => rm(home, { recursive: true, force: true }));

  const sandbox = await startSandboxProcess({ ...options, recordFile: join(output, "requests.jsonl") });
  end.defer(() => sandbox.stop());
  const customer = sandboxCustomer(sandbox.ready);
  const environment = await prepare(home, sandbox);
  end.defer(startApprover(environment, sandbox, customer));

  const transcript = createWriteStream(join(output, "transcript.jsonl"), { mode: 0o600 });
  const server = await connectToServer(environment, (direction, message) => {
    transcript.write(`${JSON.stringify({ at: new Date().toISOString(), from: direction, message })}\n`);
  });
  const timeline = new Timeline(sandbox.ready.timeZone);
  timeline.say(
    `${customer.name}, seed ${options.seed}, ${options.faults * 100} % of vendor calls fail. Everything below goes through MCP and HTTPS.`,
  );

  try {
    const rollout = await start(server.client, customer);
    await follow(server.client, rollout, surroundings(sandbox, customer, timeline));
    timeline.stop();
    await server.close();
    transcript.end();
    await once(transcript, "finish");
    const collected = await collect({
      output,
      home,
      rollout,
      controlUrl: sandbox.ready.controlUrl,
      stopSandbox: () => sandbox.stop(),
    });
    const verdict = judge(collected);
    for (const { holds, promise, detail } of verdict)
      timeline.say(`${holds ? "✓" : "✗"} ${promise}${holds ? "" : `: ${detail}`}`);
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const ok = verdict.every(({ holds }) => holds);
    await writeFile(
      join(output, "summary.json"),
      `${JSON.stringify({ ok, ...options, output: undefined, rollout, seconds, verdict }, null, 2)}\n`,
    );
    timeline.say(`\n${ok ? "Done" : "FAILED"} in ${seconds} s. See ${options.output}/`);
    return ok ? 0 : 1;
  } catch (error) {
    timeline.stop();
    await server.close();
    throw error;
  }
}

/** The technician's first call; everything after it follows from what the rollout says. */
async function start(client: Parameters<typeof call>[0], { slug, deadline, order }: SandboxCustomer): Promise<string> {
  for (let tries = 0; ; tries++) {
    const started = await call(client, "start_rollout", {
      customer: slug,
      procedure: "insurer-mfa",
      deadline,
      phase_order: order,
    });
    if ("structured" in started) return String(started.structured.rollout);
    if (tries >= 10) throw new Error(`start_rollout: ${started.failure.message}`);
    await pause(LOOK_MS * 5);
  }
}

/** Writes the customer's directory and the approver's key, and gives the environment that all processes share. */
async function prepare(home: string, sandbox: SandboxProcess): Promise<Record<string, string>> {
  const passphrase = "correct horse battery staple";
  const keys = join(home, "approver");
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const data = join(home, "data");
  await writeSandboxHome(data, sandbox.ready, await createApproverKey(keys, SANDBOX_APPROVER, passphrase));
  await writeFile(join(keys, "passphrase"), passphrase, { mode: 0o600 });
  return { PATH: process.env.PATH ?? "", MFA_ROLLOUT_HOME: data, ...sandbox.environment };
}

/** The approver alone gets the key and the passphrase. */
function startApprover(
  environment: Record<string, string>,
  { ready }: SandboxProcess,
  { signoffContact }: SandboxCustomer,
): () => Promise<void> {
  const keys = join(environment.MFA_ROLLOUT_HOME ?? "", "..", "approver");
  const env = { ...environment, MFA_ROLLOUT_KEYS: keys, MFA_ROLLOUT_PASSPHRASE_FILE: join(keys, "passphrase") };
  const child = spawn(process.execPath, [programFile("cli/demo/approver"), ready.controlUrl, signoffContact.name], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill();
    await ended;
  };
}

function surroundings({ ready }: SandboxProcess, customer: SandboxCustomer, timeline: Timeline): Surroundings {
  const control = async (path: string, body?: unknown): Promise<void> => {
    const response = await fetch(new URL(path, ready.controlUrl), { method: "POST", body: JSON.stringify(body ?? {}) });
    if (!response.ok) throw new Error(`the sandbox refused ${path}: ${response.status}`);
  };
  let looks = 0;
  let waitingFor = "";
  return {
    async waitUntil(until) {
      // The world's clock runs: a moment so close has passed by the time the sandbox would be told of it.
      const left = Date.parse(until) - Date.parse(await worldTime(ready.clockUrl));
      if (left > CLOSE_MS) await control("/clock", { now: until });
      else await pause(Math.max(left, 0) + 1);
    },
    async waitForPeople(next: Next) {
      const what = `${next.wait_for} ${next.plan_id ?? next.why}`;
      looks = what === waitingFor ? looks + 1 : 0;
      waitingFor = what;
      if (next.wait_for === "person" || looks > LOOKS) throw new Error(`Nobody in the demo can help: ${next.why}`);
      timeline.now(next.why);
      await pause(LOOK_MS);
    },
    async resolve() {
      for (const { id } of ready.world.legacyClientUser) await control(`/world/legacy-clients/${id}/retire`);
      return {
        resolution: "remediated",
        by: customer.escalation.name,
        why: customer.legacyMended,
      };
    },
    report: (step) => timeline.step(step),
  };
}

async function worldTime(clockUrl: string): Promise<string> {
  return z.object({ now: z.string() }).parse(await (await fetch(clockUrl)).json()).now;
}
