import type { Pitfall } from "./pitfall.ts";

/** Stands in the way by itself: seen, held up by no gate of its own, and not accepted by a person. */
export const isOpenPitfall = ({ id, seen, heldBy }: Pitfall, accepted: ReadonlySet<string>): boolean =>
  seen && heldBy === null && !accepted.has(id);
