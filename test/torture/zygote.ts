/**
 * A process that has loaded the server and becomes one whenever it is told: each life is a fork of it, so that a death
 * costs no start. Started by `warm-servers.ts` without threads of V8's own, which a fork would not have.
 */
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { setGlobalProxyFromEnv } from "node:http";
import { globalAgent } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { setDefaultCACertificates } from "node:tls";
import koffi from "koffi";
import { serve } from "../../src/cli/serve.ts";
import { compose } from "../../src/compose.ts";
import { readSettings } from "../../src/config/environment.ts";
import { catalog } from "../../src/server/catalog.ts";
import { jsonLogger } from "../../src/server/json-logger.ts";
import { createMcpServer } from "../../src/server/mcp-server.ts";
import { pipes } from "./pipes.ts";
import { obey } from "./preload/boundaries.ts";

/** What a server to be is told. The two pipes have names and are made here. */
export interface Birth {
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string;
  readonly output: string;
  /** The first one is served by the process itself, which makes it warm. */
  readonly itself: boolean;
}

const ORDERS = 3;
const ANSWERS = 4;
const DO_FORK = 11;
const NO_HANG = 1;
const PRIVATE = 0o600;

const system = koffi.load(null);
const fork: () => number = system.func("int fork()");
const getpid: () => number = system.func("int getpid()");
const waitpid: (pid: number, status: null, options: number) => number = system.func("int waitpid(int, void*, int)");
const mkfifo: (path: string, mode: number) => number = system.func("int mkfifo(str, uint)");
const dup2: (from: number, to: number) => number = system.func("int dup2(int, int)");
const madvise: (address: number, length: number, advice: number) => number = system.func(
  "int madvise(uint64_t, size_t, int)",
);
const loopOf: () => unknown = system.func("void* uv_default_loop()");
const forkLoop: (loop: unknown) => number = system.func("int uv_loop_fork(void*)");

/** The process's own map, into a buffer that exists already. */
const maps = Buffer.alloc(1 << 20);
const DASH = 0x2d;
const NEWLINE = 0x0a;
/** From here on addresses are the kernel's. */
const KERNEL = 2 ** 47;

let unread = "";
await live();

/** Waits, blocked, for orders; only a child leaves the loop, and is a server from there on. */
async function live(): Promise<void> {
  for (;;) {
    const birth = nextOrder();
    if (birth === null) process.exit(0);
    mkfifo(birth.input, PRIVATE);
    mkfifo(birth.output, PRIVATE);
    if (birth.itself) {
      await serveItself(birth);
      continue;
    }
    inheritEverything();
    const child = fork();
    if (child === 0) return await beServer(birth);
    writeSync(ANSWERS, `${child}\n`);
    while (waitpid(-1, null, NO_HANG) > 0);
  }
}

/**
 * V8 keeps its memory from children, page by page as it takes it; they need it all. What this takes itself comes too late
 * for its own look, so it looks until nothing is new, and the garbage is gone before, lest a collection takes pages.
 */
function inheritEverything(): void {
  globalThis.gc?.();
  for (let known = -1, all = 0; known !== all; ) {
    known = all;
    all = 0;
    const length = readMaps();
    for (let at = 0; at < length; at = maps.indexOf(NEWLINE, at) + 1) {
      const from = hexAt(at);
      const dash = maps.indexOf(DASH, at);
      if (from >= KERNEL) continue;
      const size = hexAt(dash + 1) - from;
      madvise(from, size, DO_FORK);
      all += size;
    }
  }
}

function readMaps(): number {
  const file = openSync("/proc/self/maps", "r");
  let length = 0;
  for (let read = -1; read !== 0; length += read) read = readSync(file, maps, length, maps.length - length, null);
  closeSync(file);
  return length;
}

/** The hexadecimal number that begins there. */
function hexAt(start: number): number {
  let value = 0;
  for (let at = start; ; at++) {
    const digit = maps[at] ?? 0;
    if (digit >= 0x30 && digit <= 0x39) value = value * 16 + digit - 0x30;
    else if (digit >= 0x61 && digit <= 0x66) value = value * 16 + digit - 0x57;
    else return value;
  }
}

async function beServer({ environment, input, output }: Birth): Promise<void> {
  forkLoop(loopOf());
  closeSync(ORDERS);
  closeSync(ANSWERS);
  Object.defineProperty(process, "pid", { value: getpid() });
  // Node draws 128 at a time and hands them out; a sister would hand out the same ones that are left.
  for (let inherited = 0; inherited < 128; inherited++) randomUUID();
  dup2(openSync(input, "r"), 0);
  dup2(openSync(output, "w"), 1);
  dup2(openSync("/dev/null", "w"), 2);
  enter(environment);
  obey(environment.TORTURE_ORDERS ?? "");
  await serve(readSettings(process.env), { version: "0.1.0", httpPort: null });
}

/** One rollout to its end, which loads and compiles what later ones need, and leaves nothing open. */
async function serveItself({ environment, input, output }: Birth): Promise<void> {
  const leave = enter(environment);
  const logger = jsonLogger(() => {});
  const workshop = compose(readSettings(process.env), { logger, actor: "server" });
  const server = createMcpServer({ tools: catalog, workshop, logger, version: "0.1.0" });
  await server.connect(pipes({ input, output }));
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
  });
  writeSync(ANSWERS, "itself\n");
  await closed;
  leave();
  globalAgent.destroy();
  while (process.getActiveResourcesInfo().some((open) => open.includes("Socket") || open.includes("TLS")))
    await pause(100);
}

/** Into the network of the trial, as the environment of a process of its own would have it. */
function enter(environment: Readonly<Record<string, string>>): () => void {
  Object.assign(process.env, environment);
  setDefaultCACertificates([readFileSync(environment.NODE_EXTRA_CA_CERTS ?? "", "utf8")]);
  return setGlobalProxyFromEnv(environment);
}

/** The next line; `null` at the end of all. */
function nextOrder(): Birth | null {
  for (;;) {
    const [line, ...rest] = unread.split("\n");
    if (rest.length > 0) {
      unread = rest.join("\n");
      return JSON.parse(line ?? "") as Birth; // the harness wrote it
    }
    const part = Buffer.alloc(65_536);
    const length = readSync(ORDERS, part);
    if (length === 0) return null;
    unread += part.toString("utf8", 0, length);
  }
}
