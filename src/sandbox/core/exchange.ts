import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { World } from "../world/world.ts";
import type { Fault, Faults } from "./faults.ts";
import type { Recorder } from "./recorder.ts";
import type { RouteMatch, Router } from "./router.ts";
import type { Vendor, VendorRequest, VendorResponse } from "./vendor.ts";

/** Between two bytes of a body that trickles. */
const TRICKLE_MS = 20;

/** An answer ready for the wire. */
interface Answer {
  /** 0: none is given. */
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

export interface ExchangeParts {
  readonly router: Router;
  readonly faults: Faults;
  readonly recorder: Recorder;
  readonly world: World;
  /** Aborted when the box closes, so that no injected delay keeps it open. */
  readonly closing: AbortSignal;
  /** Hears of a vendor's handler that threw: a bug of the box. */
  readonly reportBug: (explanation: string) => void;
}

/** Answers one HTTPS request as the vendor behind its host would, faults included, and records it. */
export async function answerExchange(
  parts: ExchangeParts,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { router, faults, recorder, world } = parts;
  const request = await readRequest(incoming);
  const vendor = router.vendorFor(request.url.hostname);
  const match = vendor && router.routeFor(vendor, request);
  const at = world.now();
  const fault = vendor ? faults.next(faultTarget(vendor, request, match)) : null;
  const answer = vendor ? await answerWithFault(parts, { vendor, request, match, fault }) : misdirected(request.url);
  // The world's time, so that a client which compares clocks finds none astray.
  answer.headers.date = new Date(world.now()).toUTCString();
  recorder.record({
    at,
    vendor: vendor?.name ?? null,
    route: match?.route.path ?? null,
    method: request.method,
    url: request.url,
    requestHeaders: request.headers,
    requestBody: request.body,
    status: answer.status,
    responseHeaders: answer.headers,
    responseBody: answer.body,
    fault: fault?.kind ?? null,
  });
  send(outgoing, answer, fault);
}

async function readRequest(incoming: IncomingMessage): Promise<VendorRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    method: incoming.method ?? "GET",
    url: new URL(`https://${headers.host ?? "unknown.invalid"}${incoming.url ?? "/"}`),
    headers,
    body: Buffer.concat(chunks),
  };
}

function faultTarget(vendor: Vendor, request: VendorRequest, match: RouteMatch | undefined) {
  return {
    vendor: vendor.name,
    method: request.method,
    route: match?.route.path ?? "(no route)",
    pathAndQuery: `${request.url.pathname}${request.url.search}`,
  };
}

interface Call {
  readonly vendor: Vendor;
  readonly request: VendorRequest;
  readonly match: RouteMatch | undefined;
  readonly fault: Fault | null;
}

async function answerWithFault(parts: ExchangeParts, call: Call): Promise<Answer> {
  const { vendor, request, fault } = call;
  switch (fault?.kind) {
    case "status":
      return failureAnswer(vendor, fault);
    case "status_after":
      await handle(parts, call);
      return failureAnswer(vendor, fault);
    case "late":
      void carryOutLater(parts, call, fault.delayMs);
      return failureAnswer(vendor, fault);
    case "lost_request":
      return failureAnswer(vendor, fault);
    case "accepted":
      return toAnswer({ status: 202 });
    case "accepted_after":
      await handle(parts, call);
      return toAnswer({ status: 202 });
    case "twice":
      await handle(parts, call);
      return handle(parts, call);
    case "html":
      // A login page stands in the way of a write, but may well replace the answer to a read.
      if (request.method === "GET") await handle(parts, call);
      return toAnswer({ status: 200, headers: { "content-type": "text/html" }, body: vendor.htmlPage });
    case "hang":
      return { status: 0, headers: {}, body: Buffer.alloc(0) };
    case "delay":
      await delay(fault.delayMs, undefined, { signal: parts.closing });
      return handle(parts, call);
    default:
      return handle(parts, call);
  }
}

/** As a vendor does whose gateway has given up: the work goes on behind it. */
async function carryOutLater(parts: ExchangeParts, call: Call, delayMs: number): Promise<void> {
  try {
    await delay(delayMs, undefined, { signal: parts.closing });
  } catch {
    return; // The box closes.
  }
  await handle(parts, call);
}

async function handle(parts: ExchangeParts, { vendor, request, match }: Call): Promise<Answer> {
  try {
    return toAnswer(match ? await match.route.handle(request, match.parameters) : vendor.notFound(request));
  } catch (error) {
    const explanation = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parts.reportBug(`sandbox: ${vendor.name} ${request.method} ${request.url.pathname} threw: ${explanation}`);
    return toAnswer({ status: 500, body: { error: "The sandbox itself failed; see its standard error." } });
  }
}

function failureAnswer(vendor: Vendor, { status, retryAfterSeconds, isBackground }: Fault): Answer {
  const answer = toAnswer(vendor.failure(status));
  // A vendor that says nothing of when to come back says nothing under a background fault either.
  const seconds = isBackground && answer.headers["retry-after"] !== undefined ? 1 : retryAfterSeconds;
  if (seconds !== null) answer.headers["retry-after"] = String(seconds);
  return answer;
}

function misdirected(url: URL): Answer {
  return toAnswer({ status: 421, body: `The sandbox has no vendor at ${url.hostname}.` });
}

function toAnswer({ status, headers: given = {}, body: content }: VendorResponse): Answer {
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  const body = toBuffer(content);
  if (content !== undefined) headers["content-type"] ??= defaultType(content);
  // A 204 must not carry a length.
  if (status !== 204) headers["content-length"] ??= String(body.length);
  return { status, headers, body };
}

function toBuffer(content: unknown): Buffer {
  if (content === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(content)) return content;
  return Buffer.from(typeof content === "string" ? content : JSON.stringify(content), "utf8");
}

function defaultType(content: unknown): string {
  if (Buffer.isBuffer(content)) return "application/octet-stream";
  return typeof content === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
}

function send(outgoing: ServerResponse, answer: Answer, fault: Fault | null): void {
  if (fault?.kind === "trickle") {
    trickle(outgoing, answer);
    return;
  }
  if (fault?.kind === "lost_answer" || fault?.kind === "lost_request") {
    outgoing.destroy();
    return;
  }
  // The caller's own deadline ends it, or the box when it closes.
  if (fault?.kind === "no_answer" || fault?.kind === "hang") return;
  outgoing.writeHead(answer.status, answer.headers);
  if (fault?.kind !== "truncated") {
    outgoing.end(answer.body);
    return;
  }
  // The length promises the whole; the connection ends after half of it has left.
  outgoing.flushHeaders();
  outgoing.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => outgoing.destroy());
}

/** A head at once, then a little of a body that never comes to its end, until the client has had enough. */
function trickle(outgoing: ServerResponse, { status, headers: { "content-length": _, ...headers } }: Answer): void {
  outgoing.writeHead(status, headers);
  const timer = setInterval(() => outgoing.write(" "), TRICKLE_MS);
  outgoing.once("close", () => clearInterval(timer));
}
