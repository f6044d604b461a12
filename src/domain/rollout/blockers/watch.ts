import type { Roster } from "../../exceptions/scope.ts";
import type { PhaseId } from "../../model/ids.ts";
import type { User } from "../../model/people.ts";
import type { BlockRecord, RolloutState } from "../state.ts";

/**
 * What has become of a user who was kept out: nobody has decided yet (`open`); an exception was granted and is not in
 * force yet (`to_give_back`); or it is settled, and how.
 */
export type BlockStanding =
  | "open"
  | "to_give_back"
  | "recovered"
  | "excepted"
  | "foreseen"
  | "remediated"
  | "carved_out"
  | "accepted";

type Known = Pick<RolloutState, "blocks" | "policies" | "givenBack" | "signoff" | "exceptions">;

interface Seen {
  readonly state: Known;
  readonly roster: Roster | null;
}

/**
 * Whoever signed the enforcement accepted these by name, so their block is told and asks nobody again. Another look ahead
 * after the signature takes nothing of that back.
 */
const wasForeseen = ({ userId, phase, kind }: BlockRecord, { policies }: Known): boolean =>
  kind === "no_method" && policies.get(phase)?.accepted?.includes(userId) === true;

/** Later facts first: who gets in again needs nobody's decision. */
export function blockStanding(block: BlockRecord, { state, roster }: Seen): BlockStanding {
  if (block.recoveredAt !== null || hasMethodNow(block, roster)) return "recovered";
  if (roster?.excepted.has(block.userId) === true) {
    const givenBackAt = state.givenBack.get(block.userId);
    const isSigned = state.signoff !== null && state.signoff.table === state.exceptions?.table;
    return isSigned || (givenBackAt !== undefined && givenBackAt > block.lastAt) ? "excepted" : "to_give_back";
  }
  if (block.decision !== null) return block.decision.resolution;
  return wasForeseen(block, state) ? "foreseen" : "open";
}

/** Who had no method when they were kept out, and has one in the list of today, gets in at the next prompt. */
function hasMethodNow({ userId, phase, kind }: BlockRecord, roster: Roster | null): boolean {
  if (kind !== "no_method" || roster === null) return false;
  return memberOf(roster, phase, userId)?.registration?.capable === true;
}

const memberOf = (roster: Roster, phase: PhaseId, userId: string): User | undefined =>
  roster.byPhase.get(phase)?.find(({ id }) => id === userId);

/** Users of a phase who are kept out and about whom nobody has decided, or whose exception is not in force; newest first. */
export function openBlocks(seen: Seen, phase: PhaseId): readonly BlockRecord[] {
  return [...seen.state.blocks.values()]
    .filter((block) => block.phase === phase && isOpen(block, seen))
    .sort((a, b) => (a.lastAt > b.lastAt ? -1 : 1));
}

/** Whether somebody has to do something about it. */
export function isOpen(block: BlockRecord, seen: Seen): boolean {
  const standing = blockStanding(block, seen);
  return standing === "open" || standing === "to_give_back";
}
