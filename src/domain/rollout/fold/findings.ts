import type { Finding } from "../../model/signin.ts";
import type { FindingRecord } from "../state.ts";
import { gotIn, keptOut } from "./blocks.ts";
import { type EntryOf, type FoldedState, keyed } from "./folded-state.ts";

type Changes = Partial<FoldedState>;

/** Every look is kept, because gates judge the windows; its findings are merged into those known. */
export function signinsObserved(state: FoldedState, { data, at }: EntryOf<"signins_observed">): Changes {
  const { findings, blocks = [], recovered = [], ...observation } = data;
  state.observations.push({ ...observation, at });
  for (const finding of findings) state.findings.set(finding.id, seen(state.findings.get(finding.id), finding));
  for (const block of blocks) keptOut(state, block);
  for (const { userId, at: recoveredAt } of recovered) gotIn(state, userId, recoveredAt);
  return {};
}

/**
 * A finding as it stands after this look. Looks may overlap, so the count is the latest look's, never a sum. What was
 * called remediated and happens again is open again; what a person accepted or carved out stays so.
 */
function seen(earlier: FindingRecord | undefined, finding: Finding): FindingRecord {
  const unresolved = { status: "open", resolvedBy: null, resolvedAt: null, why: null } as const;
  if (earlier === undefined) return { ...finding, ...unresolved };
  const firstSeen = earlier.firstSeen < finding.firstSeen ? earlier.firstSeen : finding.firstSeen;
  const lastSeen = earlier.lastSeen > finding.lastSeen ? earlier.lastSeen : finding.lastSeen;
  const updated = { ...earlier, ...finding, firstSeen, lastSeen };
  const isBack =
    earlier.status === "remediated" && earlier.resolvedAt !== null && finding.lastSeen > earlier.resolvedAt;
  return isBack ? { ...updated, ...unresolved } : updated;
}

/** A person's decision on a finding or a pitfall; one about what nobody saw changes nothing. */
export function findingResolved(state: FoldedState, { data, at }: EntryOf<"finding_resolved">): Changes {
  const pitfall = state.tenantCheck?.pitfalls.find(({ id }) => id === data.findingId);
  if (pitfall?.acceptable === true && data.resolution === "accepted") state.acceptedPitfalls.add(pitfall.id);
  const { resolution: status, by: resolvedBy, why } = data;
  const block = state.blocks.get(data.findingId);
  if (block !== undefined) {
    state.blocks.set(block.id, { ...block, decision: { resolution: status, by: resolvedBy, at, why } });
  }
  const finding = state.findings.get(data.findingId);
  if (finding === undefined) return {};
  state.findings.set(data.findingId, { ...finding, status, resolvedBy, resolvedAt: at, why });
  return {};
}

/** The newest look ahead of a phase is the one that gates judge. */
export function lockoutsForeseen(state: FoldedState, { data, at }: EntryOf<"lockouts_foreseen">): Changes {
  const { phase, ...foresight } = data;
  return keyed(state.foresights, phase, { ...foresight, at });
}
