import type { Sha256 } from "../domain/model/ids.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import { StateError } from "../errors.ts";

/** What a handler knew of the rollout when it made its act. */
export type Basis = Pick<RolloutState, "list" | "exceptions" | "plans">;

/** The fold adds to its maps in place, so the plans are copied; what it replaces is told by its identity. */
export const basisOf = ({ list, exceptions, plans }: RolloutState): Basis => ({
  list,
  exceptions,
  plans: new Map(plans),
});

/**
 * Another host may have gone on while a handler read vendors and waited for the lock. What was made from older facts must
 * neither take the place of a plan that somebody signs just now nor be proposed once the work is done.
 * @param work - `own`: digest of the act's plan where it is open already, which others may have proposed and signed.
 * @throws {StateError} people, exceptions or a plan of the same work were recorded since; calling again works from them.
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
  if (!isOther && now.list === basis.list && now.exceptions === basis.exceptions) return;
  throw new StateError("The rollout was changed meanwhile; nothing was done.", { nextStep: "Call the tool again." });
}
