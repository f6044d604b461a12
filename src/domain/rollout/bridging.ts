import { BRIDGES, isBridge } from "../model/ids.ts";
import type { RolloutState } from "./state.ts";

type Seen = Pick<RolloutState, "bridges" | "effects">;

/** The rollout has begun to replace security defaults: from then on the signed plan is gone through with. */
export const bridgeBegun = ({ effects }: Seen): boolean =>
  effects.values().some(({ subject }) => subject.kind === "policy" && isBridge(subject.phase));

/** Security defaults are off, or may be, and not every policy that stands in for them is in force. */
export const bridgeOpen = (state: Seen): boolean => isTurning(state) && !isUp(state);

export const bridgeDone = (state: Seen): boolean => isTurning(state) && isUp(state);

const isTurning = ({ effects }: Seen): boolean =>
  effects.values().some(({ subject }) => subject.kind === "security_defaults");

const isUp = ({ bridges }: Seen): boolean =>
  Object.values(BRIDGES).every((id) => (bridges.get(id)?.state ?? "report_only") !== "report_only");
