import { phaseId } from "../../model/ids.ts";
import type { EntryOf, FoldedState } from "./folded-state.ts";

/** The newest list counts. A department that was renamed keeps the phase it has, however often its name changes. */
export function usersReconciled(state: FoldedState, { data, at }: EntryOf<"users_reconciled">): Partial<FoldedState> {
  const { list: hash, joiners, leavers, movers, renamed = [], ...rest } = data;
  for (const { from, to } of renamed) {
    state.renamed.set(phaseId(to), state.renamed.get(phaseId(from)) ?? phaseId(from));
  }
  return { list: { ...rest, hash, at, joiners: joiners.length, leavers: leavers.length, movers: movers.length } };
}

/** The newest classification counts. */
export function exceptionsClassified(
  _: FoldedState,
  { data, at }: EntryOf<"exceptions_classified">,
): Partial<FoldedState> {
  const { ended, ...exceptions } = data;
  if (ended === undefined) return { exceptions: { ...exceptions, at } };
  return { exceptions: { ...exceptions, at }, endedExceptions: new Set(ended) };
}
