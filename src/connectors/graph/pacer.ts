import { pause } from "../http/pause.ts";

/** Gives out turns. */
export interface Turnstile {
  /** A turn at least so many ms after the one before; resolves to how long to wait for it, in ms. */
  take(apartMs: number): Promise<number>;
}

/**
 * Keeps calls so many real milliseconds apart, in the order of asking, among all who pass the same turnstile. Needed
 * where the vendor's 429 names no waiting time, or names one longer than a call may wait.
 */
export class Pacer {
  readonly #apartMs: number;
  readonly #turnstile: Turnstile | null;
  /** When this client's newest call goes out or went out. */
  #newest = Number.NEGATIVE_INFINITY;

  /** @param turnstile - Shared with the other processes that call the same tenant; `null`: there are none. */
  constructor(apartMs: number, turnstile: Turnstile | null) {
    this.#apartMs = apartMs;
    this.#turnstile = turnstile;
  }

  /** Waits for this caller's turn. A cancelled caller's turn is lost, not passed on. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#newest + this.#apartMs);
    this.#newest = at;
    if (at > now) await pause(at - now, signal);
    // Where no turns can be shared, as in a directory that is read-only, the vendor's own refusals have to do.
    const sharedMs = (await this.#turnstile?.take(this.#apartMs).catch(() => 0)) ?? 0;
    if (sharedMs > 0) await pause(sharedMs, signal);
  }
}
