/** Quota units that a project new since May 2026 may use per user and minute. */
const UNITS_PER_MINUTE = 6_000;
const MINUTE_MS = 60_000;
/** Messages that a Workspace mailbox may send in any 24 hours. */
const MESSAGES_PER_DAY = 2_000;
const DAY_MS = 86_400_000;

/** Units per method. @see https://developers.google.com/workspace/gmail/api/reference/quota */
export const COST = {
  "drafts.create": 10,
  "drafts.get": 5,
  "drafts.list": 5,
  "drafts.send": 100,
  "drafts.delete": 10,
  "messages.get": 5,
  getProfile: 1,
} as const;
export type Method = keyof typeof COST;

/** What one mailbox has used, in world time. A refused call uses nothing. */
export class Quota {
  #spent: { at: number; units: number }[] = [];
  #sentAt: number[] = [];

  /** Takes the method's units, or says that there are too few left. */
  take(method: Method, now: number): boolean {
    this.#spent = this.#spent.filter(({ at }) => at > now - MINUTE_MS);
    const used = this.#spent.reduce((sum, { units }) => sum + units, 0);
    if (used + COST[method] > UNITS_PER_MINUTE) return false;
    this.#spent.push({ at: now, units: COST[method] });
    return true;
  }

  /** When the mailbox may send again; `null` when it may send now. */
  sendingBlockedUntil(now: number): number | null {
    this.#sentAt = this.#sentAt.filter((at) => at > now - DAY_MS);
    const oldest = this.#sentAt[0];
    return oldest === undefined || this.#sentAt.length < MESSAGES_PER_DAY ? null : oldest + DAY_MS;
  }

  countSent(now: number): void {
    this.#sentAt.push(now);
  }
}
