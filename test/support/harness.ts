import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import type { McpServer } from "@modelcontextprotocol/server";
import { parse, stringify } from "yaml";
import { createApproverKey, openApproverKey } from "../../src/approvals/keys.ts";
import { VendorsDump } from "../../src/cli/demo/vendors-dump.ts";
import { SANDBOX_APPROVER, writeSandboxHome } from "../../src/cli/sandbox/sandbox-home.ts";
import { sandboxEnvironment } from "../../src/cli/sandbox/sandbox-process.ts";
import { compose } from "../../src/compose.ts";
import { readSettings } from "../../src/config/environment.ts";
import { allVendors } from "../../src/sandbox/all-vendors.ts";
import type { MicrosoftCloudName } from "../../src/sandbox/core/microsoft-clouds.ts";
import type { VendorFactory } from "../../src/sandbox/core/vendor.ts";
import { catalog } from "../../src/server/catalog.ts";
import { jsonLogger } from "../../src/server/json-logger.ts";
import { createMcpServer } from "../../src/server/mcp-server.ts";
import { startBox } from "./box.ts";
import { guideOf } from "./rollout-guide.ts";
import { officeOf } from "./rollout-office.ts";
import { readyOf } from "./sandbox-ready.ts";

/** What a host gets from a tool, errors of ours included. */
export interface Answer {
  readonly isError: boolean;
  readonly text: string;
  readonly structured: Readonly<Record<string, unknown>>;
}

export type Call = (
  tool: string,
  args?: Readonly<Record<string, unknown>>,
  options?: { readonly signal?: AbortSignal },
) => Promise<Answer>;

const PASSPHRASE = "correct horse battery staple";

/** The day that the tests' insurer has set. The world begins on Monday, 5 October 2026. */
export const DEADLINE = "2026-10-31";

/**
 * The server as `compose` wires it, with a real MCP client before it and the sandbox's whole internet behind it, and the
 * people who sign. One at a time in a process, because the sandbox's network is the process's own.
 */
export async function startHarness(
  options: {
    readonly employees?: number;
    readonly pitfalls?: readonly string[];
    readonly cloud?: MicrosoftCloudName;
    readonly environment?: Readonly<Record<string, string>>;
    /** All of the sandbox, as they are, unless told. */
    readonly vendors?: readonly VendorFactory[];
  } = {},
) {
  await using undo = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), "mfa-rollout-tools-"));
  undo.defer(() => rm(dir, { recursive: true, force: true }));
  const box = undo.use(await startBox(options.vendors ?? allVendors, options));
  const home = join(dir, "data");
  const keys = join(dir, "keys-of-the-approver");
  await mkdir(keys, { mode: 0o700 });
  const publicKey = await createApproverKey(keys, SANDBOX_APPROVER, PASSPHRASE);
  const ready = readyOf(box.sandbox, options.cloud ?? "global");
  await writeSandboxHome(home, ready, publicKey);

  const settings = readSettings({
    MFA_ROLLOUT_HOME: home,
    MFA_ROLLOUT_CLOCK_URL: ready.clockUrl,
    MFA_ROLLOUT_KEYS: keys,
    ...options.environment,
  });
  const passphrase = join(dir, "passphrase-of-the-approver");
  await writeFile(passphrase, PASSPHRASE, { mode: 0o600 });
  const log: string[] = [];
  const logger = jsonLogger((line) => void log.push(line));
  const clients = undo.use(new AsyncDisposableStack());
  /** A server process of its own: nothing is shared but the data directory. */
  const build = (): McpServer =>
    createMcpServer({
      tools: catalog,
      workshop: compose(settings, { logger, actor: "server" }),
      logger,
      version: "0.0.0",
    });
  const connectClient = async (): Promise<Client> => {
    const client = new Client({ name: "tool-tests", version: "0.0.0" });
    const [here, there] = InMemoryTransport.createLinkedPair();
    await build().connect(there);
    await client.connect(here);
    await client.listTools(); // From now on the client checks every answer against its tool's output schema.
    clients.defer(() => client.close());
    return client;
  };
  const connect = async (): Promise<Call> => {
    const client = await connectClient();
    return (tool, args = {}, options = {}) => callTool(client, { name: tool, arguments: { ...args } }, options);
  };

  const call = await connect();
  const office = officeOf(compose(settings, { logger, actor: `person:${SANDBOX_APPROVER}` }), {
    keys,
    key: await openApproverKey(keys, SANDBOX_APPROVER, PASSPHRASE),
    approver: SANDBOX_APPROVER,
  });
  const clock = (change: { advanceHours: number } | { now: string }): void =>
    // The world's clock runs, so a moment just ahead may have passed.
    box.world.moveTo(
      "now" in change
        ? Math.max(Date.parse(change.now), box.world.now() + 1)
        : box.world.now() + change.advanceHours * 3_600_000,
    );
  const customerFile = join(home, "customers", "larkfield.yaml");
  const environment = {
    PATH: process.env.PATH ?? "",
    HOME: dir,
    ...sandboxEnvironment(ready),
    MFA_ROLLOUT_HOME: home,
  };
  const stack = undo.move();

  return {
    box,
    home,
    settings,
    call,
    connect,
    connectClient,
    build,
    office,
    /** Everything the server and the people's commands wrote to standard error. */
    log,
    /** Ends every fault that `box.fail` began and that has not run out. */
    async mend(): Promise<void> {
      await fetch(new URL("/faults", box.sandbox.controlUrl), { method: "DELETE" });
    },
    ...office,
    ...guideOf({ call, office, world: box.world, moveTo: (now) => clock({ now }) }),
    advance: (hours: number): void => clock({ advanceHours: hours }),
    moveTo: (now: string): void => clock({ now }),
    /** What the vendors hold. What they were asked, and who is who, is left out: a read changes the one, time the other. */
    async dump(): Promise<VendorsDump> {
      return VendorsDump.parse(await box.dump());
    },
    /** The same as one text, so that any change at any vendor shows. */
    async held(): Promise<string> {
      const { requests: _, world: __, ...held } = await box.dump();
      return JSON.stringify(held);
    },
    ledger: (rollout: string): Promise<string> => readFile(join(home, "rollouts", rollout, "ledger.jsonl"), "utf8"),
    /** Edits the customer's file as a technician would. */
    async editCustomer(edit: (file: Record<string, unknown>) => void): Promise<void> {
      const file = parse(await readFile(customerFile, "utf8"));
      edit(file);
      await writeFile(customerFile, stringify(file));
    },
    customerFile,
    /** What a child process needs to be a server beside this one. */
    environment,
    /** What the approver's own commands need, of which the server has neither. */
    approverEnvironment: { ...environment, MFA_ROLLOUT_KEYS: keys, MFA_ROLLOUT_PASSPHRASE_FILE: passphrase },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export type Harness = Awaited<ReturnType<typeof startHarness>>;

/** One call, as a host makes it. */
export async function callTool(
  client: Client,
  request: { readonly name: string; readonly arguments: Record<string, unknown> },
  options: { readonly signal?: AbortSignal },
): Promise<Answer> {
  const result = await client.callTool(request, { timeout: 120_000, ...options });
  const text = result.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  // Our outputs are objects, and the client has checked this one against its schema.
  const structured = result.structuredContent as Readonly<Record<string, unknown>>;
  return { isError: result.isError === true, text, structured };
}
