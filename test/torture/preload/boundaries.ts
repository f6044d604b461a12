/**
 * Preloaded into the server with `node --import`. Stands on the operating system's side: sees each append, fsync, rename
 * and lock in the data directory and each request to a vendor, writes down every boundary that the server passes, and
 * kills the process at those it was told. The product knows nothing of it.
 */
import { subscribe } from "node:diagnostics_channel";
import fs from "node:fs";
import promised from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync } from "node:sqlite";
import { TLSSocket } from "node:tls";
import { appendLabel, fileLabel, requestLabel, stepLabel } from "./labels.ts";
import { wrap } from "./wrap.ts";

interface Orders {
  /** Gets one line a boundary, written before anything else happens, and one a step that begins. */
  readonly trace: string;
  /** The step in which an earlier process of this host left off. */
  readonly step: string;
  /** How often each kind was passed in this step by earlier processes of this host. */
  readonly passed: Readonly<Record<string, number>>;
  /** How often each step was begun. */
  readonly steps: Readonly<Record<string, number>>;
  /** Where to die, as the trace names it. */
  readonly targets: readonly string[];
}

let trace = -1;
let step = "";
let passed = new Map<string, number>();
let steps = new Map<string, number>();
let targets: ReadonlySet<string> = new Set();

/** From now on boundaries count. A process that was started with orders has them from its first moment on. */
export function obey(file: string): void {
  const orders = JSON.parse(fs.readFileSync(file, "utf8")) as Orders; // written by the harness
  trace = fs.openSync(orders.trace, "a");
  step = orders.step;
  passed = new Map(Object.entries(orders.passed));
  steps = new Map(Object.entries(orders.steps));
  targets = new Set(orders.targets);
}

if (process.env.TORTURE_ORDERS !== undefined) obey(process.env.TORTURE_ORDERS);

/** A step of the rollout begins: boundaries are counted anew, so that a detour in one step moves none of another. */
function begin(label: string): void {
  if (trace === -1) return;
  const nth = (steps.get(label) ?? 0) + 1;
  steps.set(label, nth);
  step = `${label} (${nth})`;
  passed.clear();
  fs.writeSync(trace, `begun\t${step}\n`);
}

/** Counts the boundary and says whether to die here. */
function isEnd(kind: string): boolean {
  if (trace === -1) return false;
  passLeft();
  const nth = (passed.get(kind) ?? 0) + 1;
  passed.set(kind, nth);
  const id = `${kind} #${nth} of ${step}`;
  const end = targets.has(id);
  fs.writeSync(trace, `${end ? "died" : "passed"}\t${id}\n`);
  return end;
}

const die = (): boolean => process.kill(process.pid, "SIGKILL");

function pass(kind: string): void {
  if (isEnd(kind)) die();
}

const labels = new WeakMap<object, string>();
/** The types of the events that were appended through a handle. */
const appends = new WeakMap<object, readonly string[]>();

wrap(promised, "open", async (call, [path]) => {
  const handle = await call();
  const label = fileLabel(String(path));
  if (label !== null && typeof handle === "object" && handle !== null) labels.set(handle, label);
  return handle;
});

const probe = await promised.open(process.execPath, "r");
const handles: object = Object.getPrototypeOf(probe);
await probe.close();

/** Which events are written together depends on time, so each line is a boundary of its own, whatever it comes with. */
wrap(handles, "appendFile", async (call, [content], self) => {
  const handle = self as fs.promises.FileHandle; // the method's own
  if (labels.get(handle) !== "ledger") return call();
  const bytes = Buffer.from(String(content));
  const appended: string[] = [];
  const dieAt = (offset: number): void => {
    fs.writeSync(handle.fd, bytes.subarray(0, offset));
    die();
  };
  for (let start = 0, end = 0; start < bytes.length; start = end) {
    end = bytes.indexOf("\n", start) + 1;
    const label = appendLabel(bytes.toString("utf8", start, end));
    if (isEnd(`before append ${label}`)) dieAt(start);
    if (isEnd(`half of append ${label}`)) dieAt((start + end) >> 1);
    appended.push(label);
  }
  await call();
  appends.set(handle, appended);
  for (const line of String(content).split("\n").filter(Boolean)) {
    const label = stepLabel(line);
    if (label !== null) begin(label);
  }
  return undefined;
});

wrap(handles, "sync", async (call, _, self) => {
  const label = labels.get(self as object); // a method's self
  if (label === undefined) return call();
  const synced = appends.get(self as object)?.map((line) => `append ${line}`) ?? [label]; // a method's self
  // Where an append ends, its fsync begins, with nothing between: one boundary.
  for (const one of synced) pass(`before fsync ${one}`);
  await call();
  for (const one of synced) pass(`after fsync ${one}`);
  return undefined;
});

wrap(handles, "truncate", async (call, _, self) => {
  const label = labels.get(self as object); // a method's self
  if (label === undefined) return call();
  pass(`before truncate ${label}`);
  await call();
  pass(`after truncate ${label}`);
  return undefined;
});

/** `rename(from, to)` as a promise. */
wrap(promised, "rename", async (call, [, to]) => {
  const label = fileLabel(String(to));
  if (label === null) return call();
  if (label !== "document") pass(`before rename ${label}`); // a document's fsync has just ended
  await call();
  pass(`after rename ${label}`);
  return undefined;
});

/** `rename(from, to, callback)`, as the writer of the projection calls it. */
wrap(fs, "rename", (call, args) => {
  const label = fileLabel(String(args[1]));
  const callback: unknown = args.at(-1);
  if (label === null || typeof callback !== "function") return call();
  pass(`before rename ${label}`);
  args[args.length - 1] = (error: unknown, ...rest: unknown[]) => {
    if (error === null || error === undefined) pass(`after rename ${label}`);
    callback(error, ...rest);
  };
  return call();
});

/**
 * The lock is SQLite's on a file: a statement takes it, and the end of the connection frees it. Taking turns at a vendor
 * is no boundary, for it changes nothing that anything builds on.
 */
const taken = new WeakSet<object>();
wrap(DatabaseSync.prototype, "exec", (call, _, self) => {
  call();
  if ((self as DatabaseSync).location()?.includes("/turns/")) return; // a method's self
  taken.add(self as object);
  pass("after taking the lock");
});
wrap(DatabaseSync.prototype, Symbol.dispose, (call, _, self) => {
  if (!taken.has(self as object)) return call(); // a method's self
  pass("before giving back the lock");
  call();
  pass("after giving back the lock");
  return undefined;
});

/** A request that has left since the last boundary; `null` for none. */
let left: string | null = null;

function passLeft(): void {
  const label = left;
  left = null;
  if (label !== null) pass(`sent ${label}`);
}

/**
 * A request has left when the kernel has it, and a process that is to die there does nothing more. What is written to an
 * open connection is there at once; what is written to one that is only opening, when it has opened and before anything
 * else runs.
 */
function passSent(label: string, socket: object): void {
  if (socket instanceof TLSSocket && isOpening(socket)) {
    socket.once("secureConnect", () => {
      passLeft();
      left = label;
      setImmediate(passLeft);
    });
  } else pass(`sent ${label}`);
}

const isOpening = (socket: TLSSocket): boolean => Reflect.get(socket, "secureConnecting") === true;

interface Undici {
  readonly request: { readonly method: string; readonly origin: string | URL; readonly path: string };
}
const fetched = (step: (label: string) => void) => (message: unknown) => {
  const { request } = message as Undici; // the shape of undici's channels
  const label = requestLabel(request.method, String(request.origin), request.path);
  if (label !== null) step(label);
};
subscribe(
  "undici:request:create",
  fetched((label) => pass(`before ${label}`)),
);
// It writes to no connection that is not open.
subscribe(
  "undici:request:bodySent",
  fetched((label) => pass(`sent ${label}`)),
);
subscribe(
  "undici:request:headers",
  fetched((label) => pass(`answered ${label}`)),
);

interface Http {
  readonly request: {
    readonly method: string;
    readonly protocol: string;
    readonly host: string;
    readonly path: string;
    readonly socket: object;
  };
}
const requested = (step: (label: string, socket: object) => void) => (message: unknown) => {
  const { request } = message as Http; // the shape of node:http's channels
  const label = requestLabel(request.method, `${request.protocol}//${request.host}`, request.path);
  if (label !== null) step(label, request.socket);
};
subscribe(
  "http.client.request.created",
  requested((label) => pass(`before ${label}`)),
);
subscribe("http.client.request.start", requested(passSent));
subscribe(
  "http.client.response.finish",
  requested((label) => pass(`answered ${label}`)),
);

syncBuiltinESMExports();
