import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { createApproverKey } from "../../approvals/keys.ts";
import { InputError } from "../../errors.ts";
import { programFile } from "../program-file.ts";
import { SANDBOX_APPROVER, writeSandboxHome } from "./sandbox-home.ts";
import { startSandboxProcess } from "./sandbox-process.ts";

/** Only ever opens a key that signs for a company that does not exist. */
const SANDBOX_PASSPHRASE = "sandbox passphrase";

/**
 * `mfa-rollout sandbox`: runs the simulated vendors and writes a data directory with which every command works on them,
 * with the environment for a terminal (`sandbox.env`) and for an MCP client (`mcp.json`).
 */
export async function serveSandbox(
  options: {
    readonly company: string;
    readonly seed: string;
    readonly faults: string;
    readonly home: string;
    readonly pitfall?: readonly string[];
    readonly cloud?: string;
  },
  print: (line: string) => void,
): Promise<number> {
  const [seed, faults] = [Number(options.seed), Number(options.faults)];
  if (!Number.isSafeInteger(seed) || !(faults >= 0 && faults <= 1)) {
    throw new InputError("--seed must be a whole number and --faults a share from 0 to 1.", {
      nextStep: "Correct them.",
    });
  }
  const home = resolve(options.home);
  // Beside the data directory, because the server reads that one and must never come near a private key.
  const keys = join(dirname(home), `${basename(home)}-approver`);
  await refuseUsed(home, keys);
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const sandbox = await startSandboxProcess({
    company: options.company,
    seed,
    faults,
    ...(options.pitfall && { pitfalls: options.pitfall }),
    ...(options.cloud && { cloud: options.cloud }),
  });
  await writeSandboxHome(home, sandbox.ready, await createApproverKey(keys, SANDBOX_APPROVER, SANDBOX_PASSPHRASE));
  await writeEnvironments({ home, keys }, sandbox.environment);

  print("The sandbox is running. Call tools with the MCP Inspector (leave out --cli and --method for its web page):");
  print(`  npx mcp-inspector --cli --config ${join(home, "mcp.json")} --server mfa-rollout --method tools/list`);
  print(`Sign plans in another terminal, as ${SANDBOX_APPROVER} with the passphrase "${SANDBOX_PASSPHRASE}":`);
  print(`  set -a; . ${join(home, "sandbox.env")}; set +a; npm run -s mfa-rollout -- approvals`);
  print("Move the clock:");
  print(`  curl -X POST ${sandbox.ready.clockUrl} -d '{"advanceHours":24}'`);
  print("End with Ctrl-C.");
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await sandbox.stop();
  return 0;
}

/** A company of an earlier run is gone, and a key is never written over. */
async function refuseUsed(...directories: readonly string[]): Promise<void> {
  for (const directory of directories) {
    const found = await readdir(directory).catch(() => []);
    if (found.length > 0) {
      throw new InputError(`${directory} is not empty.`, {
        nextStep: "Name a new directory with --home, or remove this one first.",
      });
    }
  }
}

/** For a terminal all of it; for an MCP client without the place of the approver's keys. */
async function writeEnvironments(
  { home, keys }: { readonly home: string; readonly keys: string },
  sandbox: Readonly<Record<string, string>>,
): Promise<void> {
  const server = { ...sandbox, MFA_ROLLOUT_HOME: home };
  const lines = Object.entries({ ...server, MFA_ROLLOUT_KEYS: keys }).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(home, "sandbox.env"), lines.join(""), { mode: 0o600 });
  const started = { type: "stdio", command: process.execPath, args: [programFile("main"), "serve"], env: server };
  const config = { mcpServers: { "mfa-rollout": started } };
  await writeFile(join(home, "mcp.json"), `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}
