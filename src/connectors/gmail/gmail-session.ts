import { gmail, type gmail_v1, type MethodOptions } from "@googleapis/gmail";
import type { z } from "zod";
import type { Outcome } from "../http/exchange.ts";
import {
  ANSWER_MS,
  backoffMs,
  cancelled,
  hadItsTime,
  MAX_RETRIES,
  MAX_THROTTLE_WAIT_MS,
  noteThrottled,
  pause,
} from "../http/pause.ts";
import { isUnsent } from "../http/unsent.ts";
import { VendorErrors } from "../http/vendor-errors.ts";
import { COMPOSE_SCOPE, ensureToken, type JwtClient, newJwtClient, type ServiceAccount } from "./google-token.ts";
import { judgeGmail } from "./judge-gmail.ts";

interface GmailSessionOptions extends ServiceAccount {
  /** Longest wait for one answer; `ANSWER_MS` unless told. */
  readonly timeoutMs?: number;
  /** First pause between tries, doubled each time. 150 ms unless told. */
  readonly backoffBaseMs?: number;
}

interface GmailRequest<T> {
  readonly send: (client: gmail_v1.Gmail, options: MethodOptions) => Promise<GmailAnswer>;
  readonly schema: z.ZodType<T>;
  /** True when the request changes nothing, and so may be repeated. */
  readonly reads: boolean;
  readonly signal: AbortSignal;
}

interface GmailAnswer {
  readonly status: number;
  readonly headers: unknown;
  readonly data: unknown;
}

/**
 * Calls of the Gmail API under our rules rather than the library's: reads are tried up to three times more; a write is
 * sent again only when it provably was not handled (quota, 401).
 */
export class GmailSession {
  readonly #options: GmailSessionOptions;
  readonly errors = new VendorErrors("Gmail");
  #jwt: JwtClient;

  constructor(options: GmailSessionOptions) {
    this.#options = options;
    this.#jwt = this.#newJwt();
  }

  /** The checked answer, or `null` when Gmail has no such thing. @throws the Connector errors and CancelledError. */
  async call<T>(request: GmailRequest<T>): Promise<T | null> {
    const { signal, reads, schema } = request;
    const { backoffBaseMs = 150 } = this.#options;
    const began = performance.now();
    let retries = 0;
    let waitedMs = 0;
    let renewed = false;
    for (;;) {
      const jwt = await this.#authorised(signal);
      const outcome = await this.#exchange(request, jwt);
      // A write that was under way when the caller gave up may have happened; the judge says so.
      if (signal.aborted && reads) throw cancelled();
      const verdict = judgeGmail(outcome, { schema, reads, permission: COMPOSE_SCOPE }, this.errors);
      if (verdict.kind === "usable") return verdict.body;
      if (verdict.kind === "absent") return null;
      if (verdict.kind === "final") throw verdict.error;
      if (verdict.kind === "unauthenticated") {
        if (renewed) throw verdict.error;
        renewed = true;
        this.#jwt = this.#newJwt();
        continue;
      }
      const delay = (verdict.kind === "throttled" ? verdict.afterMs : null) ?? backoffMs(retries, backoffBaseMs);
      if (verdict.kind === "throttled") noteThrottled({ vendor: this.errors.vendor, ms: delay });
      waitedMs += delay;
      if (retries === MAX_RETRIES || waitedMs > MAX_THROTTLE_WAIT_MS || hadItsTime(began, this.#timeoutMs)) {
        throw verdict.kind === "passing" ? verdict.error : this.errors.throttled(Math.max(1, Math.ceil(delay / 1_000)));
      }
      retries += 1;
      await pause(delay, signal);
    }
  }

  async #authorised(signal: AbortSignal): Promise<JwtClient> {
    for (let attempt = 0; attempt <= MAX_RETRIES; attempt += 1) {
      if (signal.aborted) throw cancelled();
      if (await this.#inTime(ensureToken(this.#jwt, this.errors), signal)) return this.#jwt;
      this.#jwt = this.#newJwt();
      await pause(backoffMs(attempt, this.#options.backoffBaseMs ?? 150), signal);
    }
    throw this.errors.contract("a sign-in with something that is no token");
  }

  async #exchange<T>(request: GmailRequest<T>, jwt: JwtClient): Promise<Outcome> {
    try {
      const { status, headers, data } = await request.send(gmail({ version: "v1", auth: jwt }), {
        signal: request.signal,
        timeout: this.#timeoutMs,
        retry: false,
        responseType: "text",
        validateStatus: () => true,
      });
      return { kind: "answer", status, headers: plainHeaders(headers), text: typeof data === "string" ? data : "" };
    } catch (error) {
      // Only the code is kept: the error itself holds the mail and the token.
      if (request.signal.aborted) return { kind: "lost", code: "CANCELLED" };
      const code = codeOf(error);
      return { kind: isUnsent(code) ? "unsent" : "lost", code };
    }
  }

  get #timeoutMs(): number {
    return this.#options.timeoutMs ?? ANSWER_MS;
  }

  /** The library's request for a token takes no signal and is tried again by it; what it brings is kept for the next call. */
  async #inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    const { promise: over, reject } = Promise.withResolvers<never>();
    const leave = (): void => reject(cancelled());
    const late = setTimeout(
      () => reject(this.errors.unavailable({ call: "token", network: "TIMEOUT" })),
      this.#timeoutMs,
    );
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([work, over]);
    } finally {
      clearTimeout(late);
      signal.removeEventListener("abort", leave);
    }
  }

  #newJwt(): JwtClient {
    return newJwtClient(this.#options, this.#timeoutMs);
  }
}

/** The code of the innermost error that has one: the platform's fetch says only there what went wrong. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "UNKNOWN";
  const inner = codeOf(error.cause);
  return inner === "UNKNOWN" && "code" in error ? String(error.code) : inner;
}

/** The library's headers are an iterable of its own make, not the platform's class. */
function plainHeaders(headers: unknown): Readonly<Record<string, string>> {
  const isIterable = typeof headers === "object" && headers !== null && Symbol.iterator in headers;
  // Right after the check: whatever is iterable may be spread, and each entry is looked at.
  const entries = isIterable ? [...(headers as Iterable<unknown>)] : Object.entries(headers ?? {});
  const pairs = entries.flatMap((entry) =>
    Array.isArray(entry) ? [[String(entry[0]).toLowerCase(), String(entry[1])] as const] : [],
  );
  return Object.fromEntries(pairs);
}
