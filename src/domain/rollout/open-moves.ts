import type { PhaseId } from "../model/ids.ts";
import type { PolicyState } from "../model/phase.ts";
import type { RolloutState } from "./state.ts";

/** A change of a policy's state that has begun and not ended: the tenant may stand as before or as it says. */
interface OpenMove {
  /** The effect's key. */
  readonly key: string;
  readonly phase: PhaseId;
  readonly state: PolicyState;
}

export const openMoves = ({ effects }: Pick<RolloutState, "effects">): readonly OpenMove[] =>
  effects
    .values()
    .flatMap(({ key, subject, status }) =>
      subject.kind === "policy_state" && status !== "done" ? [{ key, phase: subject.phase, state: subject.state }] : [],
    )
    .toArray();
