import type { Blocker } from "../domain/rollout/blockers/gate.ts";
import { GateClosedError } from "../errors.ts";

/** The refusal that closed gates amount to; `details.blockers` has each with its evidence. */
export function gateClosed(found: readonly Blocker[]): GateClosedError {
  return new GateClosedError(`Refused: ${found.map(({ message }) => message).join(" ")}`, {
    nextStep:
      found[0]?.who === "wait"
        ? "Wait until then; call get_rollout for what to do meanwhile."
        : "Remove these causes, then call again. get_rollout says what comes first.",
    details: { blockers: found.map(({ code, message, who, evidence }) => ({ code, message, who, evidence })) },
  });
}
