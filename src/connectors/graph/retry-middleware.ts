import { type Context, GraphClientError, type Middleware } from "@microsoft/microsoft-graph-client";
import { z } from "zod";
import { RolloutError } from "../../errors.ts";
import type { Outcome } from "../http/exchange.ts";
import { judge, type Verdict } from "../http/judge.ts";
import { backoffMs, cancelled, hadItsTime, MAX_RETRIES, noteThrottled, pause } from "../http/pause.ts";
import { isUnsent } from "../http/unsent.ts";
import type { VendorErrors } from "../http/vendor-errors.ts";
import { CallRules } from "./call-rules.ts";

/** The SDK wraps whatever a middleware throws, except its own class, in which our error travels to GraphClient. */
function carried(error: RolloutError): GraphClientError {
  const carrier = new GraphClientError(error.message);
  carrier.customError = error;
  return carrier;
}

const THROTTLE_BASE_MS = 1_000;
const RETRY_BASE_MS = 150;

/**
 * Paces, tries again and reads the whole answer, so that a cut one counts as lost. The SDK's own handler repeats POSTs,
 * which can send a mail four times, and knows neither cut answers nor a 429 without Retry-After.
 */
export class RetryMiddleware implements Middleware {
  readonly #errors: VendorErrors;
  #next: Middleware | undefined;

  constructor(errors: VendorErrors) {
    this.#errors = errors;
  }

  setNext(next: Middleware): void {
    this.#next = next;
  }

  async execute(context: Context): Promise<void> {
    const rules = CallRules.of(context);
    const { repeatable: reads, permission, signal } = rules;
    const request = context.options;
    const began = performance.now();
    let retries = 0;
    let throttles = 0;
    let waitedMs = 0;
    for (;;) {
      await rules.pacer?.turn(signal).catch(rethrowCarried);
      context.options = { ...request };
      const outcome = await this.#attempt(context, rules);
      const verdict = judge(outcome, { schema: z.unknown(), reads, permission }, this.#errors);
      if (verdict.kind === "throttled") {
        const delay = Math.max(verdict.afterMs ?? 0, backoffMs(throttles, THROTTLE_BASE_MS));
        noteThrottled({ vendor: this.#errors.vendor, ms: delay });
        waitedMs += delay;
        if (waitedMs > rules.maxThrottleWaitMs) throw carried(this.#errors.throttled(Math.ceil(delay / 1_000)));
        throttles += 1;
        await pause(delay, signal).catch(rethrowCarried);
      } else if (
        (verdict.kind === "passing" || collided(outcome)) &&
        retries < MAX_RETRIES &&
        !hadItsTime(began, rules.timeoutMs)
      ) {
        await pause(backoffMs(retries, RETRY_BASE_MS), signal).catch(rethrowCarried);
        retries += 1;
      } else {
        context.response = settled(outcome, verdict);
        return;
      }
    }
  }

  async #attempt(context: Context, rules: CallRules): Promise<Outcome> {
    if (rules.signal.aborted) throw carried(cancelled());
    // A redirect leads to a sign-in page at best, and must not take the token along.
    Object.assign(context.options ?? {}, { redirect: "manual" });
    try {
      await this.#next?.execute(context);
      const response = context.response;
      if (response === undefined) return { kind: "lost", code: "NO_RESPONSE" };
      const text = await response.text();
      return { kind: "answer", status: response.status, headers: Object.fromEntries(response.headers), text };
    } catch (error) {
      if (error instanceof RolloutError) throw carried(error);
      // A write that was under way when the caller gave up may have happened: then its answer is lost.
      if (rules.signal.aborted && rules.repeatable) throw carried(cancelled());
      // AuthorizeMiddleware's, once it has a token and sends.
      const isLate = context.options?.signal?.aborted === true;
      const code = rules.signal.aborted ? "CANCELLED" : isLate ? "TIMEOUT" : networkCode(error);
      return { kind: isUnsent(code) ? "unsent" : "lost", code };
    }
  }
}

/**
 * Two changes of one directory object at a time: Graph refuses this one, untouched, and takes it moments later.
 *
 * @see https://learn.microsoft.com/graph/best-practices-concept
 */
const collided = (outcome: Outcome): boolean =>
  outcome.kind === "answer" && outcome.status === 409 && outcome.text.includes("Directory_ConcurrencyViolation");

function settled(outcome: Outcome, verdict: Verdict<unknown>): Response {
  if (outcome.kind === "answer") {
    const { status, headers, text } = outcome;
    return new Response(text === "" ? null : text, { status, headers: { ...headers } });
  }
  throw "error" in verdict ? carried(verdict.error) : new TypeError("an outcome without an answer is an error");
}

function rethrowCarried(error: unknown): never {
  throw error instanceof RolloutError ? carried(error) : error;
}

/** fetch says "fetch failed" and keeps the reason in `cause`, and a proxy's refusal one deeper, without a code of its own. */
function networkCode(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at.message.startsWith("Proxy response")) return "ERR_PROXY_TUNNEL";
    if ("code" in at && typeof at.code === "string") return at.code;
  }
  return "UNKNOWN";
}
