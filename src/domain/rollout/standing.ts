import type { Sha256 } from "../model/ids.ts";
import type { PlanRecord } from "../model/plan.ts";
import type { CalendarDate } from "../model/time.ts";
import type { RolloutState } from "./state.ts";

export type StandingRecord = RolloutState["standing"][number];

/**
 * Whether a standing approval allows this plan today: same tool, exactly the texts that were signed, room for all its
 * changes, not past its last day. A plan that was counted already is not counted again. The signature is judged elsewhere.
 */
export function standingCovers(
  { approval, used, plans }: StandingRecord,
  plan: { readonly tool: string; readonly textsHash: Sha256; readonly count: number; readonly digest: Sha256 },
  today: CalendarDate,
): boolean {
  const { terms } = approval;
  if (approval.kind !== "standing" || terms === null) return false;
  const left = plans.has(plan.digest) || used + plan.count <= terms.largestCount;
  return terms.tool === plan.tool && terms.textsHash === plan.textsHash && today <= terms.until && left;
}

/** Whether some standing approval of the rollout covers a proposed plan, so that nobody has to sign it. */
export const isCovered = (
  { digest, tool, standing }: PlanRecord,
  state: Pick<RolloutState, "standing">,
  today: CalendarDate,
): boolean =>
  standing !== null && state.standing.some((given) => standingCovers(given, { tool, ...standing, digest }, today));
