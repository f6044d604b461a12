const REQUESTS_PER_MINUTE = 1_000;
const MINUTE_MS = 60_000;

/** More than about a thousand requests a minute are throttled, says the Developer Guide. Counted in world time. */
export class RateLimit {
  #requests: number[] = [];

  /** Seconds to wait, or `null` when the request may pass. A refused request does not count. */
  take(now: number): number | null {
    this.#requests = this.#requests.filter((at) => at > now - MINUTE_MS);
    const oldest = this.#requests[0];
    if (oldest !== undefined && this.#requests.length >= REQUESTS_PER_MINUTE) {
      return Math.max(1, Math.ceil((oldest + MINUTE_MS - now) / 1_000));
    }
    this.#requests.push(now);
    return null;
  }
}
