import { pause } from "../http/pause.ts";

/**
 * Keeps a client below a vendor's rate: at most `calls` in any span of `perMs` real milliseconds, in the order of
 * asking. Needed where the vendor's 429 names no waiting time, or names one longer than a call may wait.
 */
export class Pacer {
  readonly #calls: number;
  readonly #perMs: number;
  /** When the newest calls go out or went out, oldest first; never more than `#calls`. */
  readonly #slots: number[] = [];

  constructor(rate: { readonly calls: number; readonly perMs: number }) {
    this.#calls = rate.calls;
    this.#perMs = rate.perMs;
  }

  /** Waits for this caller's turn. A cancelled caller's turn is lost, not passed on. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const oldest = this.#slots.length < this.#calls ? undefined : this.#slots.shift();
    const at = oldest === undefined ? now : Math.max(now, oldest + this.#perMs);
    this.#slots.push(at);
    if (at > now) await pause(at - now, signal);
  }
}
