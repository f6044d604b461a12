import type { PhaseId } from "../domain/model/ids.ts";
import type { Instant } from "../domain/model/time.ts";
import type { TenantChange } from "../domain/pitfalls/facts.ts";
import { groupNickname } from "../domain/policy/groups.ts";
import type { Blocker } from "../domain/rollout/blockers/gate.ts";
import { DONE_BY_OTHERS, namingWho } from "../domain/rollout/blockers/somebody-else.ts";
import { ownPolicies } from "../domain/rollout/own-policies.ts";
import type { OpenRollout } from "./tool-context.ts";

/** Asks the tenant's audit log, once for policies and once for groups, about the refusals that are somebody else's work. */
export async function whoDidIt(
  open: OpenRollout<"tenantSurvey">,
  found: readonly Blocker[],
  { phase, signal }: { readonly phase: PhaseId; readonly signal: AbortSignal },
): Promise<readonly Blocker[]> {
  const kinds = new Set(found.flatMap(({ code }) => DONE_BY_OTHERS[code] ?? []));
  if (kinds.size === 0) return found;
  const survey = await open.vendor("tenantSurvey");
  const since = lastOwnChange(open);
  const changes: TenantChange[] = [];
  for (const of of kinds) changes.push(...(await survey.changes({ of, since, signal })));
  return found.map((blocker) => {
    if (DONE_BY_OTHERS[blocker.code] === undefined) return blocker;
    const targets = new Set(targetsOf(open, blocker.code, phase));
    return namingWho(
      blocker,
      changes.filter(({ targetId }) => targets.has(targetId)),
    );
  });
}

function targetsOf({ id, state }: OpenRollout<never>, code: string, phase: PhaseId): readonly string[] {
  if (DONE_BY_OTHERS[code] === "policies") {
    const isMeant = (id: PhaseId): boolean => (id === phase) !== (code === "other_policy_differs");
    return [...ownPolicies(state)].filter(([id]) => isMeant(id)).map(([, { policyId }]) => policyId);
  }
  const purpose = code.startsWith("phase") ? phase : code.startsWith("exceptions") ? "exceptions" : "emergency";
  return [state.groups.get(groupNickname(id, purpose)) ?? ""];
}

/** What others did before our own first change there has been looked at when we made it. */
function lastOwnChange({ state }: OpenRollout<never>): Instant {
  const first = [...state.policies.values()]
    .map(({ reportOnlySince }) => reportOnlySince)
    .sort()
    .at(0);
  return first ?? state.startedAt;
}
