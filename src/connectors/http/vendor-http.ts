import type { z } from "zod";
import { exchange, type Outgoing } from "./exchange.ts";
import { judge, type Verdict } from "./judge.ts";
import {
  ANSWER_MS,
  backoffMs,
  cancelled,
  hadItsTime,
  MAX_RETRIES,
  MAX_THROTTLE_WAIT_MS,
  noteThrottled,
  pause,
} from "./pause.ts";
import { VendorErrors } from "./vendor-errors.ts";

export interface VendorHttpOptions {
  /** Name for people in errors, e.g. "BambooHR". */
  readonly vendor: string;
  /** Origin, e.g. `https://larkfieldfoods.bamboohr.com`. No request ever leaves it, whatever a next link says. */
  readonly baseUrl: string;
  /**
   * Headers that carry the credential, `Authorization` above all, asked for each call. `fresh`: the last one was answered
   * with 401, so a cached token must not be given again; a fixed credential returns the same and is not tried twice.
   */
  readonly headers: (options: {
    readonly fresh: boolean;
    readonly signal: AbortSignal;
  }) => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
  /** The vendor's error code for a token past its time, where it answers that with 403 instead of 401. */
  readonly expiredCode?: string;
  /** Reasons of the vendor's that mean "too much", where it answers that with 403 instead of 429. */
  readonly quotaReasons?: readonly string[];
  /** Longest wait for one answer; `ANSWER_MS` unless told. */
  readonly timeoutMs?: number;
  /** First pause between tries, doubled each time. 150 ms unless told. */
  readonly backoffBaseMs?: number;
}

/** What every call says. */
export interface VendorCall<T> {
  /** Checks the JSON answer; an empty body is `undefined` (`z.unknown()` where the answer does not matter). */
  readonly schema: z.ZodType<T>;
  readonly signal: AbortSignal;
  /** The least right that suffices, for the error on 403, e.g. "Project: Add". */
  readonly permission?: string;
  /** Left out where `undefined`. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Besides the credential's and `Accept`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface VendorWrite<T> extends VendorCall<T> {
  /** Sent as JSON; no body when `undefined`. */
  readonly body?: unknown;
  /** `application/json` unless told. */
  readonly contentType?: string;
  /** True where 202 is the usual answer and proves nothing; anywhere else it makes the write ambiguous. */
  readonly acceptedSuffices?: boolean;
  /** Sent as an HTML form instead of `body`, as token endpoints want it. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as it stands instead of `body`. */
  readonly text?: string;
}

type Sent<T> = VendorWrite<T> & { readonly method: Outgoing["method"]; readonly reads: boolean };

/**
 * JSON over HTTPS to one vendor. Reads are tried up to three times more; a write is sent again only when it provably
 * was not handled (429, 401, no connection), and a write whose answer is lost throws ConnectorAmbiguousError. Paths
 * start with `/`, or are absolute next links on the same origin. Every method throws the Connector errors of errors.ts
 * and CancelledError.
 */
export class VendorHttp {
  readonly #options: VendorHttpOptions;
  readonly #origin: string;
  /** The vendor's faults in our words, for a connector that finds one by itself. */
  readonly errors: VendorErrors;

  constructor(options: VendorHttpOptions) {
    this.#options = options;
    this.#origin = new URL(options.baseUrl).origin;
    this.errors = new VendorErrors(options.vendor);
  }

  async get<T>(path: string, call: VendorCall<T>): Promise<T> {
    return (await this.getPage(path, call)).body;
  }

  /** As `get`; `null` when the vendor answers 404, which some do for what has just been made. */
  async find<T>(path: string, call: VendorCall<T>): Promise<T | null> {
    const answer = await this.#send(path, { ...call, method: "GET", reads: true });
    return answer === "absent" ? null : answer.body;
  }

  /** As `get`, with the next page's URL from the `Link` header; `null` on the last page. */
  async getPage<T>(path: string, call: VendorCall<T>): Promise<{ readonly body: T; readonly next: string | null }> {
    const answer = await this.#send(path, { ...call, method: "GET", reads: true });
    if (answer === "absent") throw this.#noSuchThing();
    return answer;
  }

  /** A POST that only asks, so that it may be repeated like a GET. */
  async query<T>(path: string, call: VendorWrite<T>): Promise<T> {
    const answer = await this.#send(path, { ...call, method: "POST", reads: true });
    if (answer === "absent") throw this.#noSuchThing();
    return answer.body;
  }

  async post<T>(path: string, call: VendorWrite<T>): Promise<T> {
    return this.#write("POST", path, call);
  }

  async patch<T>(path: string, call: VendorWrite<T>): Promise<T> {
    return this.#write("PATCH", path, call);
  }

  async put<T>(path: string, call: VendorWrite<T>): Promise<T> {
    return this.#write("PUT", path, call);
  }

  async delete<T>(path: string, call: VendorWrite<T>): Promise<T> {
    return this.#write("DELETE", path, call);
  }

  async #write<T>(method: Outgoing["method"], path: string, call: VendorWrite<T>): Promise<T> {
    const answer = await this.#send(path, { ...call, method, reads: false });
    if (answer === "absent") throw this.errors.rejected(404, null);
    return answer.body;
  }

  async #send<T>(path: string, sent: Sent<T>): Promise<"absent" | Extract<Verdict<T>, { kind: "usable" }>> {
    const url = this.#resolve(path, sent.query);
    const { backoffBaseMs = 150, timeoutMs = ANSWER_MS } = this.#options;
    const began = performance.now();
    let retries = 0;
    let throttles = 0;
    let waitedMs = 0;
    let credential = await this.#credential(false, sent.signal);
    let renewed = false;
    for (;;) {
      const verdict = await this.#attempt(url, sent, credential);
      if (verdict.kind === "usable") return verdict;
      if (verdict.kind === "absent") return "absent";
      if (verdict.kind === "final") throw verdict.error;
      if (verdict.kind === "unauthenticated") {
        const fresh = renewed ? credential : await this.#credential(true, sent.signal);
        if (fresh.Authorization === credential.Authorization) throw verdict.error;
        credential = fresh;
        renewed = true;
      } else if (verdict.kind === "throttled") {
        const delay = Math.max(verdict.afterMs ?? 0, backoffMs(throttles, backoffBaseMs));
        noteThrottled({ vendor: this.errors.vendor, ms: delay });
        waitedMs += delay;
        if (waitedMs > MAX_THROTTLE_WAIT_MS) throw this.errors.throttled(Math.ceil(delay / 1_000));
        throttles += 1;
        await pause(delay, sent.signal);
      } else {
        if (retries === MAX_RETRIES || hadItsTime(began, timeoutMs)) throw verdict.error;
        await pause(backoffMs(retries, backoffBaseMs), sent.signal);
        retries += 1;
      }
    }
  }

  async #attempt<T>(url: URL, sent: Sent<T>, credential: Readonly<Record<string, string>>): Promise<Verdict<T>> {
    if (sent.signal.aborted) throw cancelled();
    const { type, text } = encode(sent);
    const outcome = await exchange({
      method: sent.method,
      url,
      headers: {
        Accept: "application/json",
        ...(text === null ? {} : { "Content-Type": type }),
        ...sent.headers,
        ...credential,
      },
      body: text,
      timeoutMs: this.#options.timeoutMs ?? ANSWER_MS,
      signal: sent.signal,
    });
    // A write that was under way when the caller gave up may have happened; judge says so.
    if (sent.signal.aborted && sent.reads) throw cancelled();
    const { schema, reads, acceptedSuffices, permission = "the right for this call" } = sent;
    const { expiredCode = null, quotaReasons = [] } = this.#options;
    const expected = { schema, reads, acceptedSuffices, permission, expiredCode, quotaReasons };
    return judge(outcome, expected, this.errors);
  }

  async #credential(fresh: boolean, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    if (signal.aborted) throw cancelled();
    return this.#options.headers({ fresh, signal });
  }

  #resolve(path: string, query: VendorCall<unknown>["query"] = {}): URL {
    const url = new URL(path, this.#origin);
    if (url.origin !== this.#origin) throw this.errors.contract("with a link to another host");
    const pairs = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) pairs.append(name, String(value));
    // `%20` rather than `+`: some query languages read a plus as a plus.
    const text = pairs.toString().replaceAll("+", "%20");
    if (text !== "") url.search = url.search === "" ? text : `${url.search}&${text}`;
    return url;
  }

  #noSuchThing(): Error {
    return this.errors.contract("that it has no such resource", { status: 404 });
  }
}

function encode({ body, contentType = "application/json", form, text }: VendorWrite<unknown>): {
  readonly type: string;
  readonly text: string | null;
} {
  if (form !== undefined) {
    return { type: "application/x-www-form-urlencoded", text: new URLSearchParams(form).toString() };
  }
  return { type: contentType, text: text ?? (body === undefined ? null : JSON.stringify(body)) };
}
