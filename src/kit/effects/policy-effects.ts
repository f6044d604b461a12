import { z } from "zod";
import type { EntraObjectId, PhaseId, Sha256 } from "../../domain/model/ids.ts";
import { sha256 } from "../../domain/model/ids.ts";
import type { PolicyState } from "../../domain/model/phase.ts";
import type { LivePolicy } from "../../domain/model/policy.ts";
import { type PolicyDraft, policyTag } from "../../domain/policy/draft.ts";
import { resolveDraft } from "../../domain/policy/resolve.ts";
import { StateError } from "../../errors.ts";
import type { ConditionalAccessPort } from "../../ports/conditional-access.ts";
import type { DocumentStore, Effect } from "../../ports/rollout-store.ts";
import { groupKey } from "./group-effects.ts";
import { GUARANTEES } from "./guarantees.ts";
import { onceShown } from "./not-shown-yet.ts";

const Noted = z.object({ policyId: z.string().optional() });

/** Names the making of a policy. */
export const policyKey = (rollout: string, phase: PhaseId): string => `${rollout}/policy/${phase}`;

/**
 * Creates a phase's policy from its signed draft, report-only, once, and looks until the tenant shows it. After a lost
 * answer it is found by the tag in its description; one whose id is known is looked for, never made again.
 * @throws {ConnectorLagError} made but not seen within some seconds; calling again looks again.
 */
export function policyEffect(plan: {
  readonly rollout: string;
  readonly phase: PhaseId;
  readonly draft: string;
  readonly policies: ConditionalAccessPort;
  readonly documents: DocumentStore;
  /** Nicknames of the groups that the same plan makes. */
  readonly groups: readonly string[];
  groupId(nickname: string): Promise<EntraObjectId>;
}): Effect {
  const { rollout, phase, policies } = plan;
  const draftHash: Sha256 = sha256(plan.draft);
  const tag = policyTag(rollout, phase);
  return {
    key: policyKey(rollout, phase),
    subject: { kind: "policy", phase, draft: draftHash },
    lagMs: GUARANTEES.policy.lagMs,
    after: plan.groups.map((nickname) => groupKey(rollout, nickname)),
    async find({ signal }) {
      const found = (await policies.listPolicies({ signal })).find(({ description }) => description.includes(tag));
      return found === undefined
        ? { state: "absent" }
        : { state: "done", outcome: { policyId: found.id, state: found.state } };
    },
    async perform({ noted, note, signal }) {
      let { policyId } = Noted.parse(noted);
      if (policyId === undefined) {
        const draft = JSON.parse(await plan.documents.text(draftHash)) as PolicyDraft; // ours, its hash was checked
        const ids = new Map<string, EntraObjectId>();
        for (const nickname of [...draft.includeGroups, ...draft.excludeGroups])
          ids.set(nickname, await plan.groupId(nickname));
        const policy = resolveDraft(draft, ids);
        if ("missing" in policy) {
          throw new StateError("A group of the policy does not exist.", {
            nextStep: "Call get_rollout and do what next says.",
          });
        }
        policyId = (await policies.createPolicy(policy, { signal })).id;
        await note({ policyId });
      }
      const id = policyId;
      const live = await onceShown("Entra has made the policy", () => policies.getPolicy(id, { signal }));
      return { policyId, state: live.state };
    },
  };
}

/**
 * Sets a policy's state and looks until the tenant shows it. Repeatable: after a lost answer the look decides.
 * @throws {ConnectorLagError} accepted but not seen within some seconds; calling again looks again.
 */
export function policyStateEffect(
  change: { readonly rollout: string; readonly phase: PhaseId; readonly to: PolicyState; readonly round: number },
  policies: ConditionalAccessPort,
  policyId: () => Promise<string>,
): Effect {
  const { rollout, phase, to, round } = change;
  const isSeen = ({ state }: LivePolicy): boolean => state === to;
  return {
    key: `${rollout}/policy-state/${phase}/${to}/${round}`,
    subject: { kind: "policy_state", phase, state: to },
    lagMs: GUARANTEES.policy_state.lagMs,
    async find({ signal }) {
      const live = await policies.getPolicy(await policyId(), { signal });
      return live !== null && isSeen(live) ? { state: "done", outcome: { state: to } } : { state: "absent" };
    },
    async perform({ signal }) {
      const id = await policyId();
      await policies.setState(id, to, { signal });
      await onceShown("Entra has changed the policy's state", async () => {
        const live = await policies.getPolicy(id, { signal });
        return live !== null && isSeen(live) ? live : null;
      });
      return { state: to };
    },
  };
}
