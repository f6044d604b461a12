import type { Context, MiddlewareOptions } from "@microsoft/microsoft-graph-client";
import type { Pacer } from "./pacer.ts";

/** What the middleware has to know of one call; travels with the request through the chain. */
export class CallRules implements MiddlewareOptions {
  /** True when sending it twice leaves the vendor as sending it once does: every read, and writes that set a value. */
  readonly repeatable: boolean;
  /** The least right that suffices. */
  readonly permission: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Keeps this kind of call below its rate; `null` where the vendor's Retry-After is enough. */
  readonly pacer: Pacer | null;
  /** Longest wait in all, in ms, because of 429. */
  readonly maxThrottleWaitMs: number;

  constructor(rules: CallRules) {
    this.repeatable = rules.repeatable;
    this.permission = rules.permission;
    this.signal = rules.signal;
    this.timeoutMs = rules.timeoutMs;
    this.pacer = rules.pacer;
    this.maxThrottleWaitMs = rules.maxThrottleWaitMs;
  }

  /** @throws {TypeError} the request was made without rules, past GraphClient. */
  static of(context: Context): CallRules {
    const rules = context.middlewareControl?.getMiddlewareOptions(CallRules);
    if (rules instanceof CallRules) return rules;
    throw new TypeError("a Graph request needs CallRules");
  }
}
