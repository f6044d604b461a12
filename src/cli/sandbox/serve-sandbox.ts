import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createApproverKey } from "../../approvals/keys.ts";
import { InputError } from "../../errors.ts";
import { SANDBOX_APPROVER, writeSandboxHome } from "./sandbox-home.ts";
import { startSandboxProcess } from "./sandbox-process.ts";

/** Only ever opens a key that signs for a company that does not exist. */
const SANDBOX_PASSPHRASE = "sandbox passphrase";

/** `mfa-rollout sandbox`: runs the simulated vendors and writes a data directory with which every command works on them. */
export async function serveSandbox(
  options: { readonly seed: string; readonly faults: string; readonly home: string },
  print: (line: string) => void,
): Promise<number> {
  const [seed, faults] = [Number(options.seed), Number(options.faults)];
  if (!Number.isSafeInteger(seed) || !(faults >= 0 && faults <= 1)) {
    throw new InputError("--seed must be a whole number and --faults a share from 0 to 1.", { nextStep: "Correct them." });
  }
  const home = resolve(options.home);
  const keys = join(home, "..", `${home.split("/").at(-1)}-approver`);
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const sandbox = await startSandboxProcess({ seed, faults });
  await writeSandboxHome(home, sandbox.ready, await createApproverKey(keys, SANDBOX_APPROVER, SANDBOX_PASSPHRASE));
  const environment = { ...sandbox.environment, MFA_ROLLOUT_HOME: home, MFA_ROLLOUT_KEYS: keys };
  await writeFile(join(home, "sandbox.env"), Object.entries(environment).map(([name, value]) => `${name}=${value}\n`).join(""), { mode: 0o600 });

  print("The sandbox is running. In another terminal:");
  print(`  set -a; . ${join(home, "sandbox.env")}; set +a`);
  print("  npx mcp-inspector --cli node src/main.ts serve --method tools/list");
  print(`Sign plans as ${SANDBOX_APPROVER} with the passphrase "${SANDBOX_PASSPHRASE}". Move the clock with:`);
  print(`  curl -X POST ${sandbox.ready.clockUrl} -d '{"advanceHours":24}'`);
  print("End with Ctrl-C.");
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await sandbox.stop();
  return 0;
}
