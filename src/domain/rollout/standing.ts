import type { Sha256 } from "../model/ids.ts";
import type { CalendarDate } from "../model/time.ts";
import type { RolloutState } from "./state.ts";

/** The part of a plan that a standing approval is held against. */
export interface StandingUse {
  readonly tool: string;
  readonly textsHash: Sha256;
  readonly count: number;
  readonly digest: Sha256;
}

/**
 * Whether a standing approval's terms allow this plan: its tool, exactly its texts, not past its last day, and enough
 * of its count left. A plan that it was used for before is still allowed, since its changes are spent already. Whether
 * the signature itself is a person's is for the approval desk to say.
 */
export function standingCovers(
  standing: RolloutState["standing"][number],
  use: StandingUse,
  today: CalendarDate,
): boolean {
  const { terms } = standing.approval;
  if (terms === null || terms.tool !== use.tool || terms.textsHash !== use.textsHash || today > terms.until) return false;
  return standing.plans.has(use.digest) || standing.used + use.count <= terms.largestCount;
}
