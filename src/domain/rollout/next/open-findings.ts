import { isOpenFinding } from "../../signins/open-finding.ts";
import { firstFew } from "../blockers/gate.ts";
import type { RolloutView } from "../step-status.ts";
import { type Wait, waitFor } from "./answer.ts";
import { personNeeded } from "./decision.ts";

/** A finding is told as soon as nothing else can be done, so that there is time to mend it before the phase's date. */
export function openFindings(view: RolloutView): readonly Wait[] {
  const { state, roster } = view;
  const excepted = roster?.exceptedObjectIds ?? new Set();
  const open = [...state.findings.values()].filter((finding) => isOpenFinding(finding, excepted));
  if (open.length === 0) return [];
  const asked = acceptanceAsked(
    view,
    open.map(({ id }) => id),
  );
  if (asked !== null) return [asked];
  const causes = open.slice(0, 3).map(({ cause, upn, remedy }) => `${upn}: ${cause.replaceAll("_", " ")}. ${remedy}`);
  const why = `${open.length} findings are open; enforcement would break these sign-ins. ${causes.join(" ")}`;
  return [waitFor("finding", why, { findingIds: firstFew(open.map(({ id }) => id)) })];
}

/** A finding whose acceptance lies before a person; `null`: nobody was asked. */
export function acceptanceAsked(view: RolloutView, findings: readonly string[]): Wait | null {
  const asked = findings.flatMap(
    (finding) => personNeeded(view, { tool: "resolve_finding", args: { finding, resolution: "accepted" } }) ?? [],
  );
  return asked.find((wait) => wait.for === "approval") ?? null;
}
