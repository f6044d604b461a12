import { addHours, type Instant } from "../../model/time.ts";
import type { Observation } from "../state.ts";

/**
 * Until when the sign-ins since `from` have been read without a gap; `null` when none has. Incomplete reads prove
 * nothing and are passed over, and windows that touch or overlap add up.
 */
function observedUntil(observations: readonly Observation[], from: Instant): Instant | null {
  let until: Instant | null = null;
  const windows = observations.filter(({ complete }) => complete).toSorted((a, b) => (a.from < b.from ? -1 : 1));
  for (const window of windows) {
    if (window.from > (until ?? from)) break;
    if (window.to > (until ?? from)) until = window.to;
  }
  return until;
}

/** Whether the first `hours` after `from` have been read whole. */
export function covers(observations: readonly Observation[], from: Instant, hours: number): boolean {
  const until = observedUntil(observations, from);
  return until !== null && until >= addHours(from, hours);
}

/** The complete read that reaches furthest; of equals the one made last. */
export const latestComplete = (observations: readonly Observation[]): Observation | null =>
  observations
    .filter(({ complete }) => complete)
    .reduce<Observation | null>((best, next) => (best === null || next.to >= best.to ? next : best), null);
