import { channel } from "node:diagnostics_channel";
import { setTimeout as wait } from "node:timers/promises";
import { CancelledError } from "../../errors.ts";

/** A call may spend this long, in all, waiting because the vendor asked it to slow down. */
export const MAX_THROTTLE_WAIT_MS = 5_000;
/** Longest wait for one answer, from connecting to the last byte of its body, where a connector is told no other. */
export const ANSWER_MS = 20_000;
/** Tries after the first one. */
export const MAX_RETRIES = 3;

/**
 * Whether a request that began at `began` (as `performance.now()` tells) has had time enough: no try begins after twice
 * the time of one, so a vendor that never answers is asked two times and not four.
 */
export const hadItsTime = (began: number, answerMs: number): boolean => performance.now() - began >= 2 * answerMs;

/** Waits in real time. @throws {CancelledError} the caller gave up meanwhile. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  }
}

/** A vendor that asked us to slow down, and for how long. */
export interface Throttling {
  readonly vendor: string;
  readonly ms: number;
}

const THROTTLED = channel("mfa-rollout:throttled");

/** Tells whoever listens. A short wait is no error, but who looks over the systems wants to know of it. */
export const noteThrottled = (throttling: Throttling): void => THROTTLED.publish(throttling);

/** Hears of every wait of this process that a vendor asked for, until disposed. */
export function onThrottled(hear: (throttling: Throttling) => void): Disposable {
  // Nobody but `noteThrottled` publishes here.
  const listen = (message: unknown): void => hear(message as Throttling);
  THROTTLED.subscribe(listen);
  return { [Symbol.dispose]: () => void THROTTLED.unsubscribe(listen) };
}

export const cancelled = (): CancelledError =>
  new CancelledError("The call was cancelled before it was sent.", {
    nextStep: "Call the tool again if the work is still wanted.",
  });

/** Exponential, with jitter over its upper half so that processes do not fall into step. `attempt` starts at 0. */
export const backoffMs = (attempt: number, baseMs: number): number => baseMs * 2 ** attempt * (0.5 + Math.random() / 2);

/**
 * `Retry-After` in ms: seconds or an HTTP date (RFC 9110, 10.2.3). `null` when absent or unreadable. A date is judged
 * by the answer's own `Date`, because the vendor's clock and ours may differ.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>): number | null {
  const value = headers["retry-after"]?.trim();
  if (value === undefined || value === "") return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1_000;
  const sentAt = Date.parse(headers.date ?? "");
  const until = Date.parse(value) - (Number.isNaN(sentAt) ? Date.now() : sentAt);
  return Number.isNaN(until) ? null : Math.max(0, until);
}
