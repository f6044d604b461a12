import type { PhaseId } from "../model/ids.ts";
import { addHours, type Instant } from "../model/time.ts";
import { groupNickname } from "../policy/groups.ts";
import type { RolloutState } from "../rollout/state.ts";
import { groupsOf } from "../rollout/step-status.ts";

/**
 * Changes of a policy or a group may take a day to be heeded everywhere.
 * @see https://learn.microsoft.com/entra/identity/conditional-access/concept-continuous-access-evaluation
 */
const HEEDED_EVERYWHERE_HOURS = 24;

/** From when on the log's results of a phase's policy rest on the policy and the groups as they are now. */
export function settledSince({ id, effects, startedAt }: RolloutState, phase: PhaseId): Instant {
  const nicknames = new Set(groupsOf(phase).map((purpose) => groupNickname(id, purpose)));
  const changes = [...effects.values()].filter(
    ({ subject, status }) =>
      status === "done" &&
      ((subject.kind === "group_members" && nicknames.has(subject.nickname)) ||
        ((subject.kind === "policy" || subject.kind === "policy_state") && subject.phase === phase)),
  );
  return addHours(
    changes.reduce((latest, { at }) => (at > latest ? at : latest), startedAt),
    HEEDED_EVERYWHERE_HOURS,
  );
}
