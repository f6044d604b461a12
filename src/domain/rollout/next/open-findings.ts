import { firstFew } from "../blockers/gate.ts";
import type { RolloutView } from "../step-status.ts";
import { type Wait, waitFor } from "./answer.ts";

/** A finding is told as soon as nothing else can be done, so that there is time to mend it before the phase's date. */
export function openFindings({ state, roster }: RolloutView): readonly Wait[] {
  const open = [...state.findings.values()].filter(
    ({ status, objectId }) => status === "open" && roster?.exceptedObjectIds.has(objectId) !== true,
  );
  if (open.length === 0) return [];
  const causes = open.slice(0, 3).map(({ cause, upn, remedy }) => `${upn}: ${cause.replaceAll("_", " ")}. ${remedy}`);
  const why = `${open.length} findings are open; enforcement would break these sign-ins. ${causes.join(" ")}`;
  return [waitFor("finding", why, { findingIds: firstFew(open.map(({ id }) => id)) })];
}
