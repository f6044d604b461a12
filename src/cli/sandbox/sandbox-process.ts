import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";
import { childEnvironment } from "../../config/compile-cache.ts";
import { programFile } from "../program-file.ts";

/** The line that the sandbox prints when it is ready, as far as we read it. */
export const SandboxReady = z.object({
  proxyUrl: z.string(),
  caFile: z.string(),
  controlUrl: z.string(),
  clockUrl: z.string(),
  cloud: z.string(),
  tenantId: z.string(),
  tenantDomain: z.string(),
  timeZone: z.string(),
  teamId: z.string(),
  world: z.object({
    company: z.string(),
    startsAt: z.string(),
    legacyClientUser: z.array(z.object({ id: z.string() })),
    exceptions: z.object({ emergencyAccess: z.array(z.object({ userPrincipalName: z.string() })) }),
  }),
  secrets: z.object({
    entra: z.object({ clientId: z.string(), clientSecret: z.string() }),
    teams: z.object({ clientId: z.string(), refreshToken: z.string(), user: z.string() }),
    bamboohr: z.object({ company: z.string(), apiKey: z.string() }),
    gmail: z.object({ clientEmail: z.string(), privateKeyPem: z.string(), sender: z.string() }),
    connectwise: z.object({
      companyId: z.string(),
      publicKey: z.string(),
      privateKey: z.string(),
      clientId: z.string(),
      customer: z.string(),
    }),
    powerBi: z.object({ workspaceId: z.string() }),
    bigquery: z.object({ projectId: z.string(), dataset: z.string(), location: z.string() }),
    looker: z.object({ host: z.string(), clientId: z.string(), clientSecret: z.string() }),
    workday: z.object({ host: z.string(), tenant: z.string(), user: z.string(), password: z.string() }),
    mspTenantId: z.string(),
  }),
});
export type SandboxReady = z.output<typeof SandboxReady>;

export interface SandboxProcess {
  readonly ready: SandboxReady;
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** What a process needs to live in the sandbox's internet; nothing else of it differs from the real one. */
export function sandboxEnvironment(
  ready: Pick<SandboxReady, "proxyUrl" | "caFile" | "clockUrl">,
): Readonly<Record<string, string>> {
  return {
    HTTPS_PROXY: ready.proxyUrl,
    https_proxy: ready.proxyUrl,
    NO_PROXY: "127.0.0.1,localhost",
    no_proxy: "127.0.0.1,localhost",
    NODE_USE_ENV_PROXY: "1",
    NODE_EXTRA_CA_CERTS: ready.caFile,
    MFA_ROLLOUT_CLOCK_URL: ready.clockUrl,
  };
}

/** Starts the simulated vendors as a process of their own and waits until they answer. */
export async function startSandboxProcess(options: {
  /** Slug of the company; the sandbox's first by default. */
  readonly company?: string;
  readonly seed: number;
  readonly faults: number;
  /** What is wrong with the company, by name; left out: its ordinary oddities. */
  readonly pitfalls?: readonly string[];
  /** Active employees; the company's usual number by default. */
  readonly employees?: number;
  readonly recordFile?: string;
  /** Microsoft's cloud of the company's tenant; the global one unless told. */
  readonly cloud?: string;
}): Promise<SandboxProcess> {
  const args = [programFile("sandbox/main"), "--seed", String(options.seed), "--faults", String(options.faults)];
  if (options.company !== undefined) args.push("--company", options.company);
  if (options.employees !== undefined) args.push("--employees", String(options.employees));
  if (options.recordFile !== undefined) args.push("--record", options.recordFile);
  if (options.cloud !== undefined) args.push("--cloud", options.cloud);
  for (const pitfall of options.pitfalls ?? []) args.push("--pitfall", pitfall);
  const child = spawn(process.execPath, args, {
    env: childEnvironment(),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ready = SandboxReady.parse(JSON.parse(await firstLine(child)));
  return {
    ready,
    environment: sandboxEnvironment(ready),
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new TypeError("the sandbox's output is not piped");
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) return line;
  throw new Error("the sandbox ended before it was ready");
}
