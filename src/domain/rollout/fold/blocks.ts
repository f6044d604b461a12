import type { Block } from "../../model/block.ts";
import type { PhaseId, UserId } from "../../model/ids.ts";
import { shortHash } from "../../model/short-hash.ts";
import type { Instant } from "../../model/time.ts";
import type { FoldedState } from "./folded-state.ts";

const blockId = (userId: UserId, phase: PhaseId): string => `blk_${shortHash(userId, phase)}`;

/**
 * A user who was kept out, again or for the first time. Looks overlap, so what is no newer than what is known changes
 * nothing. Whoever was helped, or got in, and is kept out again needs a decision again; what a person accepted stays so.
 */
export function keptOut(state: FoldedState, block: Block): void {
  const id = blockId(block.userId, block.phase);
  const earlier = state.blocks.get(id);
  if (earlier === undefined) {
    state.blocks.set(id, { ...block, id, recoveredAt: null, decision: null });
    return;
  }
  if (block.lastAt <= earlier.lastAt) return;
  const decision = earlier.decision?.resolution === "accepted" ? earlier.decision : null;
  const [count, firstAt] = [earlier.count + block.count, earlier.firstAt];
  state.blocks.set(id, { ...block, id, count, firstAt, recoveredAt: null, decision });
}

/** A client that cannot ask for MFA is not mended by its owner's getting in with another. */
export function gotIn(state: FoldedState, userId: UserId, at: Instant): void {
  for (const block of state.blocks.values()) {
    if (block.userId !== userId || block.kind === "client" || at <= block.lastAt) continue;
    state.blocks.set(block.id, { ...block, recoveredAt: at });
  }
}
