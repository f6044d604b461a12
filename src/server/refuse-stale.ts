import type { PhaseId, Sha256 } from "../domain/model/ids.ts";
import { openMoves } from "../domain/rollout/open-moves.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import { StateError } from "../errors.ts";

/** What a handler knew of the rollout when it made its act. */
export type Basis = Pick<RolloutState, "list" | "exceptions" | "plans" | "policies"> & {
  readonly moves: ReturnType<typeof openMoves>;
};

/** The fold adds to its maps in place, so these are copied; what it replaces is told by its identity. */
export const basisOf = (state: RolloutState): Basis => ({
  list: state.list,
  exceptions: state.exceptions,
  plans: new Map(state.plans),
  policies: new Map(state.policies),
  moves: openMoves(state),
});

/**
 * Another host may have gone on while a handler read vendors and waited for the lock. What was made from older facts must
 * neither take the place of a plan that somebody signs just now nor be proposed once the work is done.
 * @param work - `own`: digest of the act's plan where it is open already, which others may have proposed and signed.
 * @throws {StateError} people, exceptions, where the phase's policy stands or a plan of the same work were recorded since; calling again works from them.
 */
export function refuseStale(
  now: RolloutState,
  basis: Basis,
  work: { readonly tool: string; readonly argsKey: string; readonly own: Sha256 | null },
): void {
  const isOther = now.plans
    .values()
    .filter(({ tool, argsKey }) => tool === work.tool && argsKey === work.argsKey)
    .some((plan) => plan.digest !== work.own && plan !== basis.plans.get(plan.digest));
  const { phase } = JSON.parse(work.argsKey) as { readonly phase?: PhaseId }; // our own canonical JSON
  const isMoved = phase !== undefined && hasMoved(phase, now, basis);
  if (!isOther && !isMoved && now.list === basis.list && now.exceptions === basis.exceptions) return;
  throw new StateError("The rollout was changed meanwhile; nothing was done.", { nextStep: "Call the tool again." });
}

/** Whether the phase's policy was set otherwise since, or a change of it has begun or ended. */
function hasMoved(phase: PhaseId, now: RolloutState, basis: Basis): boolean {
  const movesOf = (moves: Basis["moves"]): string =>
    moves.flatMap((move) => (move.phase === phase ? [move.key] : [])).join();
  return now.policies.get(phase) !== basis.policies.get(phase) || movesOf(openMoves(now)) !== movesOf(basis.moves);
}
