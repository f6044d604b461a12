import type { MissingEvidence } from "../model/foresight.ts";
import type { Instant } from "../model/time.ts";
import { hoursBetween } from "../model/time.ts";
import { covers } from "../rollout/blockers/evidence-window.ts";
import type { Observation } from "../rollout/state.ts";
import type { CrossCheck } from "./foresee.ts";

/** What each lack means and what ends it. */
export const WHAT_IS_MISSING: Readonly<Record<MissingEvidence, string>> = {
  window_too_short: "The sign-ins do not reach back far enough. Let the policy stay report-only for longer.",
  sign_ins_missing: "Some sign-ins of the window were not read. Call fetch_signin_logs.",
  no_report_only_results:
    "No sign-in shows a report-only result of this policy. Check that the app may read policies and that the policy is report-only.",
  nobody_seen: "Nobody of the phase signed in. Watch for longer, or give those who are away an exception.",
};

/**
 * What is missing altogether. A user or two without sign-ins are no such lack: people are on leave, and the person who
 * signs the enforcement reads who they are; a whole phase without any is.
 */
export function missingEvidence(look: {
  readonly from: Instant;
  readonly to: Instant;
  /** Shortest window that counts. */
  readonly hours: number;
  readonly observations: readonly Observation[];
  readonly crossCheck: Pick<CrossCheck, "touched" | "shown">;
  readonly members: number;
  readonly silent: number;
}): readonly MissingEvidence[] {
  const { from, to, hours, observations, crossCheck, members, silent } = look;
  const span = hoursBetween(from, to);
  const isWhole = observations.every(({ signIns }) => signIns !== undefined) && covers(observations, from, span);
  const lacks: readonly (readonly [MissingEvidence, boolean])[] = [
    ["window_too_short", span < hours],
    ["sign_ins_missing", !isWhole],
    ["no_report_only_results", crossCheck.touched > 0 && crossCheck.shown === 0],
    ["nobody_seen", members > 0 && silent === members],
  ];
  return lacks.filter(([, isLacking]) => isLacking).map(([lack]) => lack);
}
