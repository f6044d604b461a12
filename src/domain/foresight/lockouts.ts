import type { Break } from "../model/foresight.ts";
import type { UserId } from "../model/ids.ts";
import type { FindingRecord } from "../rollout/state.ts";

/**
 * The breaks that nobody has dealt with. A person who accepted or carved out a finding has; one that is called remediated
 * is believed until it is seen again.
 */
export function unresolvedBreaks(
  breaks: readonly Break[],
  findings: ReadonlyMap<string, Pick<FindingRecord, "status" | "resolvedAt">>,
): readonly Break[] {
  return breaks.filter(({ finding, lastSeen }) => {
    const known = findings.get(finding);
    if (known === undefined || known.status === "open") return true;
    return known.status === "remediated" && known.resolvedAt !== null && lastSeen > known.resolvedAt;
  });
}

/** Users whom a set of breaks would shut out of something. */
export const usersOf = (breaks: readonly Break[]): readonly UserId[] => [
  ...new Set(breaks.map(({ userId }) => userId)),
];
