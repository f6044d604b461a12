import { CLOSING_PHASE, type EntraObjectId, type PhaseId } from "../model/ids.ts";
import type { LivePolicy } from "../model/policy.ts";
import type { LivePolicyRecord } from "../rollout/state.ts";

/** A policy of this rollout that does something today. */
export interface StandingPolicy {
  readonly policyId: string;
  readonly phase: PhaseId;
  readonly name: string;
  readonly state: "enforced" | "report_only";
  /** Members of its group; `null`: it covers all, or the group was not read and counts as in step. */
  readonly includedUsers: ReadonlySet<EntraObjectId> | null;
  /** Accounts that it leaves out, by themselves or by group, as far as the tenant was read. */
  readonly excludedUsers: ReadonlySet<EntraObjectId>;
}

/** The members of our groups as read from the tenant. */
export interface LiveMembers {
  readonly phases: ReadonlyMap<PhaseId, ReadonlySet<EntraObjectId>>;
  /** Of the exceptions group and the emergency access group together. */
  readonly carvedOut: ReadonlySet<EntraObjectId>;
}

/**
 * The rollout's policies as they stand, disabled and removed ones left out.
 * @param tenant.policies - Every policy of the tenant; `null`: not read, so the rollout's record is all there is.
 * @param tenant.members - `null`: not read.
 */
export function standingPolicies(
  recorded: ReadonlyMap<PhaseId, LivePolicyRecord>,
  tenant: { readonly policies: readonly LivePolicy[] | null; readonly members: LiveMembers | null },
): readonly StandingPolicy[] {
  const byId = new Map((tenant.policies ?? []).map((policy) => [policy.id, policy]));
  return [...recorded].flatMap(([phase, { policyId, state: recordedState }]) => {
    const policy = byId.get(policyId);
    const state = tenant.policies === null ? recordedState : (policy?.state ?? "disabled");
    if (state === "disabled") return [];
    const name = policy?.displayName ?? `the policy of ${phase}`;
    const includedUsers = phase === CLOSING_PHASE ? null : (tenant.members?.phases.get(phase) ?? null);
    const excludedUsers = new Set<EntraObjectId>(policy?.excludeUsers ?? []).union(
      tenant.members?.carvedOut ?? new Set<EntraObjectId>(),
    );
    return [{ policyId, phase, name, state, includedUsers, excludedUsers }];
  });
}

/**
 * The policy that protects an account most: enforced before report-only, its own phase's before the closing one.
 * Accounts without a phase (guests, people who left) are covered by the closing policy alone.
 */
export function strongestFor(
  policies: readonly StandingPolicy[],
  phase: PhaseId | null,
  objectId: EntraObjectId,
): StandingPolicy | null {
  const covers = (policy: StandingPolicy): boolean =>
    policy.phase === CLOSING_PHASE || (policy.phase === phase && (policy.includedUsers?.has(objectId) ?? true));
  const applying = policies.filter((policy) => covers(policy) && !policy.excludedUsers.has(objectId));
  const ownFirst = applying.toSorted((a, b) => Number(a.phase === CLOSING_PHASE) - Number(b.phase === CLOSING_PHASE));
  return ownFirst.find(({ state }) => state === "enforced") ?? ownFirst[0] ?? null;
}
