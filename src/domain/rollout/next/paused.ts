import { argsKey } from "../args-key.ts";
import type { RolloutView } from "../step-status.ts";
import { type Call, type Wait, waitFor } from "./answer.ts";

/** The wait until a vendor's limit lets this work go on; `null` when nothing holds it. */
export function paused(
  { state, now }: RolloutView,
  { tool, args }: Pick<Call, "tool" | "args">,
  what: string,
): Wait | null {
  const until = state.paused.get(`${tool} ${argsKey(args)}`);
  return until === undefined || now >= until
    ? null
    : waitFor("time", `${what} goes on when the vendor's limit allows it.`, { until });
}
