import type { FaultKind } from "../../src/sandbox/core/faults.ts";
import type { MicrosoftCloudName } from "../../src/sandbox/core/microsoft-clouds.ts";
import { startSandbox } from "../../src/sandbox/core/sandbox.ts";
import type { VendorFactory } from "../../src/sandbox/core/vendor.ts";
import { enterSandboxNetwork } from "./sandbox-network.ts";

/** One fault for the sandbox's control API. */
export interface FaultRule {
  readonly kind: FaultKind;
  readonly vendor?: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly delayMs?: number;
  readonly times?: number;
}

interface BoxOptions {
  readonly cloud?: MicrosoftCloudName;
  readonly employees?: number;
  readonly pitfalls?: readonly string[];
}

/** A sandbox with the given vendors, in whose network this process is until disposal. */
export async function startBox(vendors: readonly VendorFactory[], options: BoxOptions = {}) {
  const sandbox = await startSandbox({ vendors, ...options });
  const network = enterSandboxNetwork(sandbox);
  const control = async (path: string, body?: unknown): Promise<Response> => {
    const init = body === undefined ? { method: "POST" } : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(new URL(path, sandbox.controlUrl), init);
    if (!response.ok) throw new Error(`the sandbox refused ${path}: ${await response.text()}`);
    return response;
  };
  return {
    sandbox,
    world: sandbox.world,
    secrets: sandbox.secrets,
    /** The next exchanges that fit the rules fail. */
    fail: async (...rules: readonly FaultRule[]): Promise<void> => void (await control("/faults", rules)),
    revokeTokens: async (): Promise<void> => void (await control("/tokens/revoke")),
    /** What the vendors hold. Read with a schema or by a test's own expectations. */
    dump: async (): Promise<Readonly<Record<string, unknown>>> => {
      const response = await fetch(new URL("/vendors.json", sandbox.controlUrl));
      // The control API answers this path with an object.
      return (await response.json()) as Record<string, unknown>;
    },
    /** What was asked of the vendors so far. */
    exchanges: async (): Promise<readonly unknown[]> => {
      const text = await (await fetch(new URL("/requests.jsonl", sandbox.controlUrl))).text();
      return text
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line));
    },
    [Symbol.asyncDispose]: async (): Promise<void> => {
      network[Symbol.dispose]();
      await sandbox.close();
    },
  };
}

export type TestBox = Awaited<ReturnType<typeof startBox>>;
