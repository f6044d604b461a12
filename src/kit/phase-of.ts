import type { Phase } from "../domain/model/phase.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import { NotFoundError } from "../errors.ts";

/** The phase with this id. @throws {NotFoundError} the rollout has no such phase; the message lists those it has. */
export function phaseOf(state: Pick<RolloutState, "phases">, id: string): Phase {
  const found = state.phases.find((phase) => phase.id === id);
  if (found !== undefined) return found;
  throw new NotFoundError("The rollout has no such phase.", {
    nextStep: `Use one of: ${state.phases.map((phase) => phase.id).join(", ")}.`,
  });
}

/** How people name it. */
export const phaseName = (phase: Phase): string => phase.department ?? "everyone (closing policy)";
