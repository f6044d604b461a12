import { CLOSING_PHASE, type EntraObjectId, entraObjectId, type PhaseId } from "../domain/model/ids.ts";
import type { Phase } from "../domain/model/phase.ts";
import type { LivePolicy } from "../domain/model/policy.ts";
import type { PolicyDraft } from "../domain/policy/draft.ts";
import { type GroupPurpose, groupNickname, wantedMembers } from "../domain/policy/groups.ts";
import { type MadeFrom, madeFrom } from "../domain/policy/made-from.ts";
import { resolveDraft } from "../domain/policy/resolve.ts";
import type { EnforcementFacts, PolicyLook } from "../domain/rollout/blockers/gate.ts";
import { fingerprint } from "../domain/rollout/fingerprint.ts";
import { ownPolicies } from "../domain/rollout/own-policies.ts";
import { settlesAt } from "../domain/rollout/settling.ts";
import type { RolloutView } from "../domain/rollout/step-status.ts";
import type { OpenRollout, ToolContext } from "./tool-context.ts";

const same =
  (expected: ReadonlySet<EntraObjectId>) =>
  (members: ReadonlySet<EntraObjectId>): boolean =>
    members.symmetricDifference(expected).size === 0;

/** Looks up, just before enforcing, everything that gates judge in the live tenant, and what a plan is made from. */
export async function lookAtTenant(
  open: OpenRollout<"conditionalAccess" | "directory">,
  { state, roster, emergency, now }: RolloutView,
  { phase, documents, signal }: Pick<ToolContext<never>, "documents" | "signal"> & { readonly phase: Phase },
): Promise<{ readonly facts: EnforcementFacts; readonly madeFrom: MadeFrom }> {
  const [directory, policies] = [await open.vendor("directory"), await open.vendor("conditionalAccess")];
  const ids = new Map([...state.groups].map(([nickname, id]) => [nickname, entraObjectId(id)]));
  // A group that was never made has no members; one that we changed moments ago is given time to show it.
  const members = async (purpose: GroupPurpose): Promise<ReadonlySet<EntraObjectId>> => {
    const nickname = groupNickname(state.id, purpose);
    const group = ids.get(nickname);
    if (group === undefined || roster === null) return new Set();
    const expected = wantedMembers(purpose, { roster, emergency });
    return settlesAt(state, { nickname, mark: fingerprint(expected) }, now) === null
      ? new Set(await Array.fromAsync(directory.listGroupMembers(group, { signal })))
      : directory.settledGroupMembers(group, same(expected), { signal });
  };

  const [{ securityDefaultsEnabled, hasEntraPremium }, live, inPhase, excepted, inEmergency] = await Promise.all([
    directory.readTenantFacts({ signal }),
    policies.listPolicies({ signal }),
    phase.id === CLOSING_PHASE ? null : members(phase.id),
    members("exceptions"),
    members("emergency"),
  ]);
  const looks = new Map<PhaseId, PolicyLook>();
  const ours = new Set<string>();
  for (const [id, { policyId, draft }] of ownPolicies(state)) {
    ours.add(policyId);
    const wanted = resolveDraft(JSON.parse(await documents.text(draft)) as PolicyDraft, ids); // ours, its hash was checked
    looks.set(id, {
      live: live.find((policy) => policy.id === policyId) ?? null,
      wanted: "missing" in wanted ? null : wanted,
    });
  }
  const own = looks.get(phase.id) ?? { live: null, wanted: null };
  looks.delete(phase.id);
  // A policy whose creation is not confirmed yet is known by its tag alone.
  const isOurs = ({ id, description }: LivePolicy): boolean =>
    ours.has(id) || description.includes(`[mfa-rollout:${state.id}:`);
  const facts = {
    ...own,
    others: looks,
    securityDefaultsEnabled,
    hasEntraPremium,
    emergency,
    members: { phase: inPhase, exceptions: excepted, emergency: inEmergency },
  };
  return { facts, madeFrom: madeFrom({ policies: live, securityDefaults: securityDefaultsEnabled }, isOurs) };
}
