import type { PhaseId, UserId } from "../../model/ids.ts";
import type { ProcedureSettings } from "../../model/procedure.ts";
import { addHours, type Instant } from "../../model/time.ts";
import type { RolloutState } from "../state.ts";
import { covers, latestComplete } from "./evidence-window.ts";

/** How the enforcement of a phase turned out, as far as it is known. */
export type Judgement =
  | { readonly state: "not_enforced" }
  /** Too early: tokens issued before the change still work for a while. */
  | { readonly state: "waiting"; readonly until: Instant }
  /** Late enough, but the sign-ins since then have not been read whole. */
  | { readonly state: "unread" }
  | { readonly state: "passed" | "failed"; readonly blocked: number; readonly blockedUsers: readonly UserId[] };

/**
 * Judges an enforced phase by the sign-ins since its enforcement: `failed` means more blocked users than the
 * procedure allows, for which a roll-back is proposed. Blocks already seen count at once, without the wait. Once the
 * phase has been enforced for longer, only blocks of the last `judgeHours` count, so that users who were helped
 * do not hold up the next phase for ever.
 */
export function judgePhase(
  { policies, observations }: Pick<RolloutState, "policies" | "observations">,
  phase: PhaseId,
  { settings, now }: { readonly settings: ProcedureSettings; readonly now: Instant },
): Judgement {
  const policy = policies.get(phase);
  if (policy?.state !== "enforced") return { state: "not_enforced" };

  const latest = latestComplete(observations)?.to ?? policy.since;
  const windowStart = addHours(latest, -settings.judgeHours);
  const after = windowStart > policy.since ? windowStart : policy.since;
  const rows = observations
    .filter(({ complete, to }) => complete && to > after)
    .flatMap(({ phases }) => phases.filter((row) => row.phase === phase));
  const blockedUsers = [...new Set(rows.flatMap((row) => row.blockedUsers))];
  const verdict = { blocked: blockedUsers.length, blockedUsers };
  if (verdict.blocked > settings.blockedUsers) return { state: "failed", ...verdict };

  const until = addHours(policy.since, settings.judgeHours);
  if (now < until) return { state: "waiting", until };
  if (!covers(observations, policy.since, settings.judgeHours)) return { state: "unread" };
  return { state: "passed", ...verdict };
}
