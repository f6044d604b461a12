import type { PhaseId, Sha256 } from "../domain/model/ids.ts";
import type { RolloutEvent } from "../domain/rollout/events.ts";
import { openMoves } from "../domain/rollout/open-moves.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import { StateError } from "../errors.ts";
import type { Rollout } from "../ports/rollout-store.ts";

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

interface Work {
  readonly tool: string;
  readonly argsKey: string;
  /** Digest of the act's plan where that is open already, which others may have proposed and signed. */
  readonly own: Sha256 | null;
}

/**
 * Another host may have gone on while a handler read vendors and waited for the lock. What was made from older facts must
 * neither take the place of a plan that somebody signs just now nor be proposed once the work is done.
 * @param work - What the act is; absent where something is only recorded.
 * @throws {StateError} people, exceptions, a plan of the same work or where its phase's policy stands were recorded since;
 * calling again works from them.
 */
export function refuseStale(now: RolloutState, basis: Basis, work?: Work): void {
  const hasNewPeople = now.list !== basis.list || now.exceptions !== basis.exceptions;
  if (!hasNewPeople && (work === undefined || (!hasOtherPlan(work, now, basis) && !hasMoved(work, now, basis)))) return;
  throw new StateError("The rollout was changed meanwhile; nothing was done.", { nextStep: "Call the tool again." });
}

const hasOtherPlan = (work: Work, now: RolloutState, basis: Basis): boolean =>
  now.plans
    .values()
    .filter(({ tool, argsKey }) => tool === work.tool && argsKey === work.argsKey)
    .some((plan) => plan.digest !== work.own && plan !== basis.plans.get(plan.digest));

/** Whether the phase's policy was set otherwise since, or a change of it has begun or ended. */
function hasMoved(work: Work, now: RolloutState, basis: Basis): boolean {
  const { phase } = JSON.parse(work.argsKey) as { readonly phase?: PhaseId }; // our own canonical JSON
  if (phase === undefined) return false;
  const keys = (moves: Basis["moves"]): string =>
    moves.flatMap((move) => (move.phase === phase ? move.key : [])).join();
  return now.policies.get(phase) !== basis.policies.get(phase) || keys(openMoves(now)) !== keys(basis.moves);
}

/** Appends what was made from these people and exceptions. @throws {StateError} as `refuseStale`; nothing was appended. */
export const appendUnlessStale = (
  rollout: Rollout,
  basis: Basis,
  { events, signal }: { readonly events: readonly RolloutEvent[]; readonly signal: AbortSignal },
): Promise<RolloutState> =>
  rollout.exclusively(async () => {
    refuseStale(await rollout.state(), basis);
    return rollout.append(...events);
  }, signal);
