import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createWorld } from "../world/create-world.ts";
import { profileOf } from "../world/profiles/profiles.ts";
import type { World } from "../world/world.ts";
import { CertificateAuthority } from "./certificates.ts";
import { answerControl } from "./control-api.ts";
import { answerExchange } from "./exchange.ts";
import { Faults } from "./faults.ts";
import { MICROSOFT_CLOUDS, type MicrosoftCloudName } from "./microsoft-clouds.ts";
import { startProxy } from "./proxy.ts";
import { Recorder } from "./recorder.ts";
import { Router } from "./router.ts";
import { makeSecrets } from "./secrets.ts";
import { Tokens } from "./tokens.ts";
import type { Box, Secrets, VendorFactory } from "./vendor.ts";

export interface SandboxOptions {
  readonly vendors: readonly VendorFactory[];
  /** Slug of the company; Larkfield Foods by default. */
  readonly company?: string;
  readonly seed?: number;
  /** Microsoft's cloud in which the company has its tenant; the global one by default. */
  readonly cloud?: MicrosoftCloudName;
  /** Active employees. */
  readonly employees?: number;
  /** ISO instant at which the story begins. */
  readonly startsAt?: string;
  /** What is wrong with the company, by name; left out: its ordinary oddities. */
  readonly pitfalls?: readonly string[];
  /** Share of exchanges that fail in the background, 0..1; 0 by default. */
  readonly faults?: number;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Appends every exchange to this file; without it they are kept in memory. */
  readonly recordFile?: string;
}

export interface Sandbox extends AsyncDisposable {
  readonly proxyUrl: string;
  /** PEM file with the certificate to trust; removed on close. */
  readonly caFile: string;
  readonly caPem: string;
  readonly controlUrl: string;
  readonly secrets: Secrets;
  readonly world: World;
  readonly box: Box;
  /** Ends every connection and removes every file it made. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts an internet in a box: a proxy on loopback behind which the given vendors answer for their real host names.
 * Nothing outside this process is contacted.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const box = await makeBox(options);
  const vendors = options.vendors.map((make) => make(box));
  const router = new Router(vendors);
  const faults = new Faults(options.faults ?? 0, (key) => box.world.chance(key));
  const recorder = new Recorder(options.recordFile);
  const closing = new AbortController();
  const authority = await CertificateAuthority.create();
  const exchangeParts = { router, faults, recorder, world: box.world, closing: closing.signal, reportBug };
  const proxy = await startProxy(
    {
      authority,
      answersFor: (host) => router.vendorFor(host) !== undefined,
      onVendorRequest: (incoming, outgoing) => answerExchange(exchangeParts, incoming, outgoing),
      onControlRequest: (incoming, outgoing) => answerControl({ box, vendors, faults, recorder }, incoming, outgoing),
      onRefused: (refusal) => recordRefusal(recorder, box.world, refusal),
    },
    options.port ?? 0,
  );
  const directory = await mkdtemp(join(tmpdir(), "mfa-rollout-sandbox-"));
  const caFile = join(directory, "ca.pem");
  await writeFile(caFile, authority.pem, { mode: 0o600 });

  let closed: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    closing.abort();
    await proxy.close();
    await recorder.close();
    await rm(directory, { recursive: true, force: true });
  };
  const close = (): Promise<void> => (closed ??= closeAll());
  return {
    proxyUrl: proxy.url,
    caFile,
    caPem: authority.pem,
    controlUrl: proxy.url,
    secrets: box.secrets,
    world: box.world,
    box,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function makeBox(options: SandboxOptions): Promise<Box> {
  const profile = profileOf(options.company ?? "larkfield");
  const world = createWorld({
    company: profile.slug,
    seed: options.seed ?? 1,
    employees: options.employees ?? profile.employees,
    startsAt: options.startsAt ?? profile.startsAt,
    ...(options.pitfalls && { pitfalls: options.pitfalls }),
  });
  const cloud = MICROSOFT_CLOUDS[options.cloud ?? "global"];
  return { world, cloud, tokens: new Tokens(() => world.now()), secrets: await makeSecrets(world, cloud) };
}

function recordRefusal(recorder: Recorder, world: World, refusal: { method: string; target: string }): void {
  recorder.record({
    at: world.now(),
    vendor: null,
    route: null,
    method: refusal.method,
    url: URL.parse(refusal.target) ?? new URL("https://unreadable.invalid/"),
    requestHeaders: {},
    requestBody: Buffer.alloc(0),
    status: 403,
    responseHeaders: {},
    responseBody: Buffer.alloc(0),
    fault: null,
  });
}

/** Standard output belongs to whoever starts the box; a bug goes to standard error. */
function reportBug(explanation: string): void {
  process.stderr.write(`${explanation}\n`);
}
