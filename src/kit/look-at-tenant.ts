import { CLOSING_PHASE, type EntraObjectId, entraObjectId } from "../domain/model/ids.ts";
import type { Phase } from "../domain/model/phase.ts";
import type { PolicyDraft } from "../domain/policy/draft.ts";
import { groupNickname } from "../domain/policy/groups.ts";
import { resolveDraft } from "../domain/policy/resolve.ts";
import type { EnforcementFacts } from "../domain/rollout/blockers/gate.ts";
import type { RolloutView } from "../domain/rollout/step-status.ts";
import type { DirectoryPort } from "../ports/directory.ts";
import type { OpenRollout } from "./tool-context.ts";

/** Looks up, just before enforcing, everything that gates judge in the live tenant. */
export async function lookAtTenant(
  open: OpenRollout<"conditionalAccess" | "directory">,
  { state, emergency }: RolloutView,
  { phase, policyId, draft, signal }: { phase: Phase; policyId: string; draft: PolicyDraft; signal: AbortSignal },
): Promise<EnforcementFacts> {
  const [directory, policies] = [await open.vendor("directory"), await open.vendor("conditionalAccess")];
  const ids = new Map([...state.groups].map(([nickname, id]) => [nickname, entraObjectId(id)]));
  const members = (purpose: Parameters<typeof groupNickname>[1]): Promise<ReadonlySet<EntraObjectId>> =>
    membersOf(directory, ids.get(groupNickname(state.id, purpose)), signal);

  const { securityDefaultsEnabled, hasEntraPremium } = await directory.readTenantFacts({ signal });
  const wanted = resolveDraft(draft, ids);
  return {
    live: await policies.getPolicy(policyId, { signal }),
    wanted: "missing" in wanted ? null : wanted,
    securityDefaultsEnabled,
    hasEntraPremium,
    emergency,
    members: {
      phase: phase.id === CLOSING_PHASE ? null : await members(phase.id),
      exceptions: await members("exceptions"),
      emergency: await members("emergency"),
    },
  };
}

/** A group that was never made has no members. */
async function membersOf(
  directory: DirectoryPort,
  group: EntraObjectId | undefined,
  signal: AbortSignal,
): Promise<ReadonlySet<EntraObjectId>> {
  return group === undefined
    ? new Set()
    : new Set(await Array.fromAsync(directory.listGroupMembers(group, { signal })));
}
