import { createWriteStream, type WriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { redactBody, redactHeaders, redactUrl } from "./redact.ts";

/** Larger bodies are cut in the record, not on the wire. */
const LARGEST_RECORDED_BODY = 64 * 1024;

/** One exchange as the box saw it, credentials removed. One line of `requests.jsonl`. */
export interface Exchange {
  /** World time, ISO 8601. */
  readonly at: string;
  /** `null` for a host that nobody answers for. */
  readonly vendor: string | null;
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string | null;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string | null;
  /** The fault injected, or `null`. */
  readonly fault: string | null;
}

/** An exchange before credentials are removed. `status` and `response` are what the vendor meant to answer. */
export interface RawExchange {
  readonly at: number;
  readonly vendor: string | null;
  /** The path pattern of the route, for counting; `null` where none matched. */
  readonly route: string | null;
  readonly method: string;
  readonly url: URL;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: Buffer;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: Buffer;
  readonly fault: string | null;
}

export interface RequestCounts {
  total: number;
  throttled: number;
  readonly byRoute: Record<string, number>;
}

/** Keeps every exchange, in a file or in memory, and counts them. */
export class Recorder {
  readonly #file: string | undefined;
  readonly #stream: WriteStream | undefined;
  readonly #lines: string[] = [];
  readonly #counts: Record<string, RequestCounts> = {};
  #closed = false;

  constructor(file?: string) {
    this.#file = file;
    this.#stream = file === undefined ? undefined : createWriteStream(file, { flags: "a", mode: 0o600 });
  }

  /** After `close` nothing is kept: a handler may still be at work when the box shuts down. */
  record(raw: RawExchange): void {
    if (this.#closed) return;
    this.#count(raw);
    const line = JSON.stringify(cleaned(raw));
    if (this.#stream === undefined) this.#lines.push(line);
    else this.#stream.write(`${line}\n`);
  }

  counts(): Readonly<Record<string, RequestCounts>> {
    return this.#counts;
  }

  /** Every line so far, as JSON lines; what is still on its way to the file included. */
  async text(): Promise<string> {
    if (this.#file === undefined || this.#stream === undefined) return this.#lines.map((line) => `${line}\n`).join("");
    const stream = this.#stream;
    await new Promise<void>((resolve, reject) => {
      stream.write("", (error) => (error ? reject(error) : resolve()));
    });
    return readFile(this.#file, "utf8");
  }

  async close(): Promise<void> {
    this.#closed = true;
    const stream = this.#stream;
    if (stream === undefined) return;
    await new Promise<void>((resolve, reject) => {
      stream.once("error", reject);
      stream.end(resolve);
    });
  }

  #count({ vendor, method, route, status, responseHeaders }: RawExchange): void {
    const name = vendor ?? "refused";
    const counts = this.#counts[name] ?? { total: 0, throttled: 0, byRoute: {} };
    this.#counts[name] = counts;
    const key = `${method} ${route ?? "(no route)"}`;
    counts.total += 1;
    counts.byRoute[key] = (counts.byRoute[key] ?? 0) + 1;
    // BambooHR throttles with 503; what makes it throttling is the header.
    if (status === 429 || (status === 503 && responseHeaders["retry-after"] !== undefined)) counts.throttled += 1;
  }
}

function cleaned(raw: RawExchange): Exchange {
  return {
    at: new Date(raw.at).toISOString(),
    vendor: raw.vendor,
    method: raw.method,
    url: redactUrl(raw.url),
    requestHeaders: redactHeaders(raw.requestHeaders),
    requestBody: bodyText(raw.requestBody, raw.requestHeaders["content-type"] ?? ""),
    status: raw.status,
    responseHeaders: redactHeaders(raw.responseHeaders),
    responseBody: bodyText(raw.responseBody, raw.responseHeaders["content-type"] ?? ""),
    fault: raw.fault,
  };
}

function bodyText(body: Buffer, contentType: string): string | null {
  if (body.length === 0) return null;
  // Redaction comes before the cut: a credential cut in half would no longer be recognised.
  const text = redactBody(body.toString("utf8"), contentType);
  if (text.length <= LARGEST_RECORDED_BODY) return text;
  return `${text.slice(0, LARGEST_RECORDED_BODY)}… [cut here: ${body.length} bytes in all]`;
}
