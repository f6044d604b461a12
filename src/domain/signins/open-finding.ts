import type { EntraObjectId } from "../model/ids.ts";
import { addHours, type Instant } from "../model/time.ts";
import { covers } from "../rollout/blockers/evidence-window.ts";
import type { FindingRecord, Observation } from "../rollout/state.ts";

/** Nobody has dealt with it: an exception that has ended carves nothing out any more. */
export const isOpenFinding = (
  { status, objectId }: Pick<FindingRecord, "status" | "objectId">,
  excepted: ReadonlySet<EntraObjectId>,
): boolean => (status === "open" || status === "carved_out") && !excepted.has(objectId);

/**
 * Somebody says that it is mended, and the sign-ins of the hours since then do not show it yet.
 * @returns from when on they can; `null`: it is proven, or nobody says so.
 */
export function provenFrom(
  { status, resolvedAt }: Pick<FindingRecord, "status" | "resolvedAt">,
  { observations, hours }: { readonly observations: readonly Observation[]; readonly hours: number },
): Instant | null {
  if (status !== "remediated" || resolvedAt === null || covers(observations, resolvedAt, hours)) return null;
  return addHours(resolvedAt, hours);
}
