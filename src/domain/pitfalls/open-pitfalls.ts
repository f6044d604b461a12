import type { Pitfall } from "./pitfall.ts";

/** Stands in the way by itself: seen, holds up somebody, no gate of its own does, and no person has accepted it. */
export const isOpenPitfall = ({ id, seen, heldBy, holds }: Pitfall, accepted: ReadonlySet<string>): boolean =>
  seen && holds.length > 0 && heldBy === null && !accepted.has(id);
