import type { PhaseId } from "../domain/model/ids.ts";
import type { ConditionalAccessPort } from "../ports/conditional-access.ts";
import type { DirectoryPort } from "../ports/directory.ts";
import type { DocumentStore, Effect } from "../ports/rollout-store.ts";
import { groupEffect, groupMembersEffect } from "./effects/group-effects.ts";
import { policyEffect, policyStateEffect } from "./effects/policy-effects.ts";
import { madeGroupId, madePolicyId } from "./made-ids.ts";
import type { PolicyPlan } from "./policy-plan.ts";
import type { OpenRollout } from "./tool-context.ts";

/**
 * The changes of a signed plan. Groups are filled while the policy is made beside them, which is report-only and keeps
 * nobody out; its state changes last.
 */
export function policyPlanEffects(
  plan: PolicyPlan,
  {
    open,
    phase,
    ...parts
  }: {
    readonly open: OpenRollout<never>;
    readonly phase: PhaseId;
    readonly directory: DirectoryPort;
    readonly policies: ConditionalAccessPort;
    readonly documents: DocumentStore;
  },
): readonly Effect[] {
  const { directory, policies, documents } = parts;
  const rollout = open.id;
  const groupId = (nickname: string) => madeGroupId(open, nickname);
  const groups = plan.groups.flatMap((group) => [
    groupEffect(rollout, group, directory),
    groupMembersEffect({ rollout, group, round: group.round }, directory, () => groupId(group.nickname)),
  ]);
  const { draft, round } = plan;
  const nicknames = plan.groups.map(({ nickname }) => nickname);
  const made =
    draft === null ? [] : [policyEffect({ rollout, phase, draft, groups: nicknames, groupId, policies, documents })];
  const to = plan.to === "enforced" ? "enforced" : "report_only";
  const moved = plan.changeState
    ? [policyStateEffect({ rollout, phase, to, round }, policies, () => madePolicyId(open, phase))]
    : [];
  return [...groups, ...made, ...moved];
}
