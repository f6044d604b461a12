/** Lets at most `limit` calls through in any window of `windowMs`, by the world's time. */
export class Throttle {
  readonly #limit: number;
  readonly #windowMs: number;
  #recent: number[] = [];

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** 0 when the call may pass, and counts it; else how many ms until one may. */
  waitFor(now: number): number {
    this.#recent = this.#recent.filter((at) => at > now - this.#windowMs);
    const [oldest = now] = this.#recent;
    if (this.#recent.length >= this.#limit) return oldest + this.#windowMs - now;
    this.#recent.push(now);
    return 0;
  }
}
