import type { Roster } from "../../exceptions/scope.ts";
import type { PhaseId, UserId } from "../../model/ids.ts";
import type { ProcedureSettings } from "../../model/procedure.ts";
import { addHours, type Instant } from "../../model/time.ts";
import type { RolloutState } from "../state.ts";
import { covers, latestComplete } from "./evidence-window.ts";
import { openBlocks } from "./watch.ts";

/** How the enforcement of a phase turned out, as far as it is known. */
export type Judgement =
  | { readonly state: "not_enforced" }
  /** Too early: tokens issued before the change still work for a while. */
  | { readonly state: "waiting"; readonly until: Instant }
  /** Late enough, but the sign-ins since then have not been read whole. */
  | { readonly state: "unread" }
  /** `undecided`: as few as the procedure allows, but a person has to decide about each. */
  | {
      readonly state: "passed" | "undecided" | "failed";
      readonly blocked: number;
      readonly blockedUsers: readonly UserId[];
    };

/**
 * Judges an enforced phase by the sign-ins since its enforcement: `failed` means more blocked users than the
 * procedure allows, for which a roll-back is proposed. Blocks already seen count at once, without the wait, until the
 * user gets in, has an exception in force, or a person has decided; so does one alone, of which a person is told. Where
 * a ledger does not have that of each user, only blocks of the last `judgeHours` count, so that users who were helped do
 * not hold up the next phase for ever.
 */
export function judgePhase(
  state: RolloutState,
  phase: PhaseId,
  {
    settings,
    now,
    roster,
  }: { readonly settings: ProcedureSettings; readonly now: Instant; readonly roster: Roster | null },
): Judgement {
  const { policies, observations } = state;
  const policy = policies.get(phase);
  if (policy?.state !== "enforced") return { state: "not_enforced" };

  const latest = latestComplete(observations)?.to ?? policy.since;
  const windowStart = addHours(latest, -settings.judgeHours);
  const after = windowStart > policy.since ? windowStart : policy.since;
  const rows = observations
    .filter(({ complete, to }) => complete && to > after)
    .flatMap(({ phases }) => phases.filter((row) => row.phase === phase));
  const open = openBlocks({ state, roster }, phase);
  const undecided = new Set(open.map(({ userId }) => userId));
  const settled = new Set([...state.blocks.values()].flatMap((block) => (block.phase === phase ? block.userId : [])));
  const seen = rows.flatMap((row) => row.blockedUsers).filter((id) => undecided.has(id) || !settled.has(id));
  const blockedUsers = [...new Set([...seen, ...undecided])];
  const verdict = { blocked: blockedUsers.length, blockedUsers };
  if (verdict.blocked > settings.blockedUsers) return { state: "failed", ...verdict };
  if (undecided.size > 0) return { state: "undecided", ...verdict };

  const until = addHours(policy.since, settings.judgeHours);
  if (now < until) return { state: "waiting", until };
  if (!covers(observations, policy.since, settings.judgeHours)) return { state: "unread" };
  return { state: "passed", ...verdict };
}
