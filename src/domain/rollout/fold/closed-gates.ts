import { type GroupPurpose, groupNickname } from "../../policy/groups.ts";
import type { EntryOf, FoldedState } from "./folded-state.ts";

/**
 * A group that was seen to hold others than were put there has to be filled anew, whatever the ledger says of it: its
 * fingerprint is forgotten, so that bringing it up to date is work again.
 */
export function gateClosed(state: FoldedState, { data, at }: EntryOf<"gate_closed">): Partial<FoldedState> {
  const { phase, blockers, until = null } = data;
  const purposes: Readonly<Record<string, GroupPurpose>> = {
    phase_group_differs: phase,
    exceptions_group_differs: "exceptions",
    emergency_group_differs: "emergency",
  };
  for (const { code } of blockers) {
    const purpose = purposes[code];
    if (purpose !== undefined) state.groupMembers.delete(groupNickname(state.id, purpose));
  }
  state.closedGates.set(phase, { at, why: blockers.map(({ message }) => message).join(" "), until });
  return {};
}
