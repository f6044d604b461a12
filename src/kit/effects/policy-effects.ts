import type { EntraObjectId, PhaseId, Sha256 } from "../../domain/model/ids.ts";
import { sha256 } from "../../domain/model/ids.ts";
import type { PolicyState } from "../../domain/model/phase.ts";
import { type PolicyDraft, policyTag } from "../../domain/policy/draft.ts";
import { resolveDraft } from "../../domain/policy/resolve.ts";
import { ConnectorUnavailableError, StateError } from "../../errors.ts";
import type { ConditionalAccessPort } from "../../ports/conditional-access.ts";
import type { DocumentStore, Effect } from "../../ports/rollout-store.ts";
import { GUARANTEES } from "./guarantees.ts";

/** Reads of a policy lag its writes by seconds; a change not seen after this many looks is said to be unseen. */
const LOOKS = 6;

/** Creates a phase's policy from its signed draft, report-only, once; found again by the tag in its description. */
export function policyEffect(plan: {
  readonly rollout: string;
  readonly phase: PhaseId;
  readonly draft: string;
  readonly policies: ConditionalAccessPort;
  readonly documents: DocumentStore;
  groupId(nickname: string): Promise<EntraObjectId>;
}): Effect {
  const { rollout, phase, policies } = plan;
  const draftHash: Sha256 = sha256(plan.draft);
  return {
    key: `${rollout}/policy/${phase}`,
    subject: { kind: "policy", phase, draft: draftHash },
    lagMs: GUARANTEES.policy.lagMs,
    async find({ signal }) {
      const tag = policyTag(rollout, phase);
      const found = (await policies.listPolicies({ signal })).find(({ description }) => description.includes(tag));
      return found === undefined
        ? { state: "absent" }
        : { state: "done", outcome: { policyId: found.id, state: found.state } };
    },
    async perform({ signal }) {
      const draft = JSON.parse(await plan.documents.text(draftHash)) as PolicyDraft; // ours, its hash was checked
      const ids = new Map<string, EntraObjectId>();
      for (const nickname of [...draft.includeGroups, ...draft.excludeGroups])
        ids.set(nickname, await plan.groupId(nickname));
      const policy = resolveDraft(draft, ids);
      if ("missing" in policy)
        throw new StateError("A group of the policy does not exist.", {
          nextStep: "Call get_rollout and do what next says.",
        });
      const made = await policies.createPolicy(policy, { signal });
      return { policyId: made.id, state: made.state };
    },
  };
}

/**
 * Sets a policy's state and looks until the tenant shows it. Repeatable: after a lost answer the look decides.
 * @throws {ConnectorUnavailableError} accepted but not seen within some seconds; calling again looks again.
 */
export function policyStateEffect(
  change: { readonly rollout: string; readonly phase: PhaseId; readonly to: PolicyState; readonly round: number },
  policies: ConditionalAccessPort,
  policyId: () => Promise<string>,
): Effect {
  const { rollout, phase, to, round } = change;
  return {
    key: `${rollout}/policy-state/${phase}/${to}/${round}`,
    subject: { kind: "policy_state", phase, state: to },
    lagMs: GUARANTEES.policy_state.lagMs,
    async find({ signal }) {
      const live = await policies.getPolicy(await policyId(), { signal });
      return live?.state === to ? { state: "done", outcome: { state: to } } : { state: "absent" };
    },
    async perform({ signal }) {
      const id = await policyId();
      await policies.setState(id, to, { signal });
      for (let look = 0; look < LOOKS; look++) {
        if ((await policies.getPolicy(id, { signal }))?.state === to) return { state: to };
      }
      throw new ConnectorUnavailableError("Entra took the change of state but does not show it yet.", {
        nextStep: "Call the same tool again in a minute; it looks first and repeats nothing that is done.",
      });
    },
  };
}
