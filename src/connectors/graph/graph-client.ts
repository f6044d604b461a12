import { Client, GraphClientError, HTTPMessageHandler, ResponseType } from "@microsoft/microsoft-graph-client";
import { z } from "zod";
import { RolloutError } from "../../errors.ts";
import { judge } from "../http/judge.ts";
import { ANSWER_MS, MAX_THROTTLE_WAIT_MS } from "../http/pause.ts";
import { VendorErrors } from "../http/vendor-errors.ts";
import { AuthorizeMiddleware } from "./authorize-middleware.ts";
import { CallRules } from "./call-rules.ts";
import { CLOUDS, type CloudName } from "./clouds.ts";
import type { TokenSource } from "./graph-credentials.ts";
import { graphRefusal } from "./graph-refusal.ts";
import { Pacer, type Turnstile } from "./pacer.ts";
import { RetryMiddleware } from "./retry-middleware.ts";

export interface GraphClientOptions {
  readonly cloud: CloudName;
  /** Of one tenant, because rates are kept per tenant: make one client a tenant. */
  readonly tokens: TokenSource;
  /** Longest wait for one answer, `ANSWER_MS` unless told; bulk work may take four times as long. */
  readonly timeoutMs?: number;
  /** Where all processes that call this tenant take turns; without one, this client keeps its own pace alone. */
  readonly turnstile?: Turnstile;
}

/** What every call says. */
export interface GraphCall<T> {
  /** Checks the JSON answer; an empty body is `undefined` (`z.unknown()` where the answer does not matter). */
  readonly schema: z.ZodType<T>;
  /** The least right that suffices, for the error on 403, e.g. "AuditLog.Read.All". */
  readonly permission: string;
  readonly signal: AbortSignal;
  /** Bulk work gives way to the tenant's other apps. */
  readonly bulk?: boolean;
  /** A preference of this call, besides those of every call: `IdType="ImmutableId"`. */
  readonly prefer?: string;
}

export interface GraphWrite<T> extends GraphCall<T> {
  readonly body?: unknown;
  /** Sending it twice leaves Graph as sending it once does, so a lost answer is simply asked for again. */
  readonly repeatable?: boolean;
  /** True where 202 is Graph's usual answer; anywhere else it makes the write ambiguous. */
  readonly acceptedSuffices?: boolean;
}

type Method = "GET" | "POST" | "PATCH" | "DELETE";
type Sent<T> = GraphWrite<T> & { readonly method: Method };

/**
 * Where Graph's 429 needs more than the usual patience. Conditional Access policies and locations: one request a second
 * for all apps together and no Retry-After, so calls keep that pace by themselves; What-If is not among the resources
 * that the limit names. Reports and sign-in logs: five in ten seconds, with a Retry-After that is longer than a call
 * usually waits.
 *
 * @see https://learn.microsoft.com/graph/throttling-limits
 */
const RATES = [
  {
    path: /^\/[^/]+\/identity\/conditionalAccess\/(policies|namedLocations)/,
    apartMs: 1_050,
    maxThrottleWaitMs: 30_000,
  },
  { path: /^\/[^/]+\/identity\/conditionalAccess\//, apartMs: null, maxThrottleWaitMs: 30_000 },
  { path: /^\/[^/]+\/(reports|auditLogs)\//, apartMs: null, maxThrottleWaitMs: 15_000 },
] as const;

/**
 * Microsoft Graph for one tenant. Paths start with the version: `/v1.0/users?$top=999`. Retries, pacing and errors are
 * those of VendorHttp: reads and repeatable writes are tried up to three times more, other writes only when they
 * provably were not handled. Every method throws the Connector errors of errors.ts and CancelledError.
 */
export class GraphClient {
  /** Origin of this cloud, for `@odata.bind` and `@odata.id` references. */
  readonly origin: string;
  /** Graph's faults in our words, for a connector that finds one by itself. */
  readonly errors = new VendorErrors("Microsoft Graph");
  readonly #client: Client;
  readonly #timeoutMs: number;
  readonly #rates: readonly { path: RegExp; pacer: Pacer | null; maxThrottleWaitMs: number }[];

  constructor({ cloud, tokens, timeoutMs = ANSWER_MS, turnstile }: GraphClientOptions) {
    this.origin = CLOUDS[cloud].graph;
    this.#timeoutMs = timeoutMs;
    this.#rates = RATES.map(({ apartMs, ...rest }) => ({
      ...rest,
      pacer: apartMs === null ? null : new Pacer(apartMs, turnstile ?? null),
    }));
    this.#client = Client.initWithMiddleware({
      baseUrl: this.origin,
      middleware: [
        new RetryMiddleware(this.errors),
        new AuthorizeMiddleware(tokens, `${this.origin}/.default`),
        new HTTPMessageHandler(),
      ],
    });
  }

  async get<T>(path: string, call: GraphCall<T>): Promise<T> {
    return present(await this.#send(path, { ...call, method: "GET" }), () => this.#noSuchThing());
  }

  /** As `get`; `null` when Graph answers 404, which it also does for what has just been made. */
  async find<T>(path: string, call: GraphCall<T>): Promise<T | null> {
    const answer = await this.#send(path, { ...call, method: "GET" });
    return answer === ABSENT ? null : answer;
  }

  /** Yields every item of a collection, fetching pages lazily. `schema` is an item's. An empty page may have a next one. */
  async *pages<T>(path: string, call: GraphCall<T>): AsyncGenerator<T> {
    const schema = z.object({ value: z.array(call.schema), "@odata.nextLink": z.string().optional() });
    const seen = new Set<string>();
    for (let next: string | undefined = path; next !== undefined; ) {
      if (seen.has(next)) throw this.errors.contract("with pages that lead in a circle");
      seen.add(next);
      const page: z.output<typeof schema> = await this.get(next, { bulk: true, ...call, schema });
      yield* page.value;
      next = page["@odata.nextLink"];
    }
  }

  async post<T>(path: string, call: GraphWrite<T>): Promise<T> {
    return present(await this.#send(path, { ...call, method: "POST" }), () => this.#noSuchThing());
  }

  async patch<T>(path: string, call: GraphWrite<T>): Promise<T> {
    return present(await this.#send(path, { ...call, method: "PATCH" }), () => this.#noSuchThing());
  }

  async delete<T>(path: string, call: GraphWrite<T>): Promise<T> {
    return present(await this.#send(path, { ...call, method: "DELETE" }), () => this.#noSuchThing());
  }

  async #send<T>(path: string, sent: Sent<T>): Promise<T | typeof ABSENT> {
    const url = new URL(path, this.origin);
    if (url.origin !== this.origin) throw this.errors.contract("with a link to another host");
    const repeatable = sent.method === "GET" || sent.repeatable === true;
    const response = await this.#exchange(url, { ...sent, repeatable });
    const answer = {
      kind: "answer",
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: await response.text(),
    } as const;
    const refusal = graphRefusal(answer, { writes: sent.method !== "GET" });
    if (refusal !== null) throw refusal;
    const { schema, permission, acceptedSuffices } = sent;
    const verdict = judge(answer, { schema, reads: repeatable, permission, acceptedSuffices }, this.errors);
    if (verdict.kind === "usable") return verdict.body;
    if (verdict.kind === "absent") return ABSENT;
    throw "error" in verdict ? verdict.error : this.errors.throttled(1);
  }

  async #exchange(url: URL, sent: Sent<unknown> & { readonly repeatable: boolean }): Promise<Response> {
    const rate = this.#rates.find(({ path }) => path.test(url.pathname));
    const rules = new CallRules({
      repeatable: sent.repeatable,
      permission: sent.permission,
      signal: sent.signal,
      // A page of a large tenant's sign-in log can take a minute.
      timeoutMs: this.#timeoutMs * (sent.bulk === true ? 4 : 1),
      pacer: rate?.pacer ?? null,
      maxThrottleWaitMs: rate?.maxThrottleWaitMs ?? MAX_THROTTLE_WAIT_MS,
    });
    const request = this.#client
      .api(url.href)
      .middlewareOptions([rules])
      .responseType(ResponseType.RAW)
      .headers({
        Accept: "application/json",
        // On every page: a next link does not carry headers, and without this one Graph writes `unknownFutureValue` for
        // the report-only results and whatever else came after an enumeration's first version.
        Prefer: ["include-unknown-enum-members", ...(sent.prefer === undefined ? [] : [sent.prefer])].join(", "),
        "x-ms-throttle-priority": sent.bulk === true ? "Low" : "Normal",
      });
    try {
      return await dispatch(request, sent);
    } catch (error) {
      if (error instanceof GraphClientError && error.customError instanceof RolloutError) throw error.customError;
      throw error;
    }
  }

  #noSuchThing(): RolloutError {
    return this.errors.contract("that it has no such resource", { status: 404 });
  }
}

const ABSENT = Symbol("absent");

function present<T>(answer: T | typeof ABSENT, fault: () => RolloutError): T {
  if (answer === ABSENT) throw fault();
  return answer;
}

/** `RAW` makes the SDK answer with fetch's Response whatever the status. */
function dispatch(request: ReturnType<Client["api"]>, { method, body }: Sent<unknown>): Promise<Response> {
  if (method === "GET") return request.get();
  if (method === "DELETE") return request.delete();
  return method === "POST" ? request.post(body ?? {}) : request.patch(body ?? {});
}
