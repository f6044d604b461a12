import { z } from "zod";
import { BRIDGES, CLOSING_PHASE, entraObjectId } from "../domain/model/ids.ts";
import type { Phase } from "../domain/model/phase.ts";
import { wantedMembers } from "../domain/policy/groups.ts";
import { judgePhase } from "../domain/rollout/blockers/judgement.ts";
import { groupsInStep } from "../domain/rollout/step-status.ts";
import { StateError } from "../errors.ts";
import type { Effect } from "../ports/rollout-store.ts";
import { perUserMfaOffEffect } from "./effects/legacy-mfa-effects.ts";
import { policyStateEffect } from "./effects/policy-effects.ts";
import { legacyMfaFacts } from "./legacy-mfa-facts.ts";
import { phaseName } from "./phase-of.ts";
import type { Act, OpenRollout, ToolContext } from "./tool-context.ts";

type Needs = "conditionalAccess" | "directory" | "legacyMfa";

const Content = z.object({
  to: z.literal("retire"),
  phase: z.string(),
  accounts: z.array(z.string()),
  round: z.number(),
  /** The closing policy asks everybody, so the bridge to it has served. */
  bridge: z.boolean(),
});
type Content = z.output<typeof Content>;

/**
 * The plan that ends per-user MFA for a phase whose policy is enforced and judged, and after the closing phase the bridge.
 * @throws {StateError} the policy is not enforced and judged, in the ledger or in the tenant: ending it would leave a gap.
 */
export async function retireAct(
  open: OpenRollout<Needs>,
  context: ToolContext<Needs>,
  phase: Phase,
): Promise<Act<Content>> {
  const view = await open.view();
  const { state, roster, emergency, procedure, now } = view;
  const [legacy, policies] = [await open.vendor("legacyMfa"), await open.vendor("conditionalAccess")];
  if (roster === null)
    throw new StateError("There is no list of users yet.", { nextStep: "Call reconcile_users first." });
  const judged = judgePhase(state, phase.id, { settings: procedure.settings, now });
  const policyId = state.policies.get(phase.id)?.policyId ?? "";
  const live = judged.state === "passed" ? await policies.getPolicy(policyId, { signal: context.signal }) : null;
  if (live?.state !== "enforced" || !groupsInStep(phase.id, view)) {
    throw new StateError("This phase's policy does not yet ask all its members, so per-user MFA has to stay on.", {
      nextStep: `Call apply_ca_policy with phase ${phase.id} and state enforced, wait until it is judged, then call again.`,
    });
  }
  const { perUserMfa, isTold } = await legacyMfaFacts(state, context.documents);
  const members = [...wantedMembers(phase.id, { roster, emergency })];
  const accounts = members.filter((id) => !isTold || perUserMfa.has(id)).toSorted();
  const bridge = phase.id === CLOSING_PHASE && state.bridges.get(BRIDGES.registered)?.state === "enforced";
  const done = [...state.effects.values()].filter(
    ({ subject, status }) => subject.kind === "per_user_mfa" && subject.phase === phase.id && status === "done",
  );
  const content: Content = { to: "retire", phase: phase.id, accounts, round: done.length, bridge };

  const users = new Map(
    (await open.users()).flatMap((user) => (user.account ? [[user.account.objectId, user] as const] : [])),
  );
  const nameOf = (id: (typeof accounts)[number]): string => {
    const user = users.get(id);
    return user === undefined ? `  ${id}` : `  ${user.displayName} <${user.account?.upn ?? ""}>`;
  };
  const effects = (signed: Content): readonly Effect[] => [
    ...(signed.accounts.length === 0
      ? []
      : [
          perUserMfaOffEffect(
            {
              rollout: open.id,
              phase: phase.id,
              accounts: signed.accounts.map(entraObjectId),
              round: signed.round,
            },
            legacy,
          ),
        ]),
    ...(signed.bridge
      ? [
          policyStateEffect(
            { rollout: open.id, phase: BRIDGES.registered, to: "disabled", round: 0 },
            policies,
            async () => String((await open.outcomeOf(`${open.id}/policy/${BRIDGES.registered}`)).policyId),
          ),
        ]
      : []),
  ];
  return {
    tool: "apply_ca_policy",
    args: { phase: phase.id, state: "retire" },
    title:
      accounts.length === 0 && bridge
        ? "Disable the bridge between security defaults and the policies"
        : `End per-user MFA for ${accounts.length} accounts of ${phase.id === CLOSING_PHASE ? "nobody else's phase" : phaseName(phase)}`,
    lines: [
      `The policy of ${phase.id} is enforced since ${state.policies.get(phase.id)?.since ?? ""} and was judged; it asks the same accounts for MFA`,
      ...(bridge
        ? ['Disable the policy "MFA bridge: registered users", which the closing policy has made needless']
        : []),
      ...(accounts.length === 0
        ? []
        : [`Turn per-user MFA off for exactly these ${accounts.length} accounts; excepted accounts keep theirs:`]),
      ...accounts.map(nameOf),
    ],
    content,
    schema: Content,
    standingTexts: null,
    effects,
  };
}
