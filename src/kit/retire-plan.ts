import { z } from "zod";
import { BRIDGES, CLOSING_PHASE, entraObjectId } from "../domain/model/ids.ts";
import type { Phase } from "../domain/model/phase.ts";
import { wantedMembers } from "../domain/policy/groups.ts";
import { judgePhase } from "../domain/rollout/blockers/judgement.ts";
import { groupsInStep, type RolloutView } from "../domain/rollout/step-status.ts";
import { StateError } from "../errors.ts";
import type { ConditionalAccessPort } from "../ports/conditional-access.ts";
import type { DocumentStore, Effect } from "../ports/rollout-store.ts";
import { perUserMfaOffEffect } from "./effects/legacy-mfa-effects.ts";
import { policyStateEffect } from "./effects/policy-effects.ts";
import { legacyMfaFacts } from "./legacy-mfa-facts.ts";
import { madePolicyId } from "./made-ids.ts";
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
  await refuseUnlessCovered(view, phase, { policies: await open.vendor("conditionalAccess"), signal: context.signal });
  const content = await contentFor(view, phase, context.documents);
  const { accounts, bridge } = content;
  const who = phase.id === CLOSING_PHASE ? "everyone without a phase" : phaseName(phase);
  const users = await open.users();
  const names = new Map(
    users.flatMap((user) => (user.account ? [[user.account.objectId as string, user] as const] : [])),
  );
  const nameOf = (id: string): string => {
    const user = names.get(id);
    return user === undefined ? `  ${id}` : `  ${user.displayName} <${user.account?.upn ?? ""}>`;
  };
  return {
    tool: "apply_ca_policy",
    args: { phase: phase.id, state: "retire" },
    title:
      accounts.length === 0 && bridge
        ? "Disable the bridge between security defaults and the policies"
        : `End per-user MFA for ${accounts.length} accounts of ${who}`,
    lines: [
      `The policy of ${phase.id} is enforced and was judged; it asks the same accounts for MFA`,
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
    effects: await effectsOf(open, phase),
  };
}

async function refuseUnlessCovered(
  view: RolloutView,
  { id }: Phase,
  { policies, signal }: { readonly policies: ConditionalAccessPort; readonly signal: AbortSignal },
): Promise<void> {
  const { state, procedure, now } = view;
  const isJudged = judgePhase(state, id, { settings: procedure.settings, now, roster: view.roster }).state === "passed";
  const policyId = state.policies.get(id)?.policyId ?? "";
  const live = isJudged && groupsInStep(id, view) ? await policies.getPolicy(policyId, { signal }) : null;
  if (live?.state === "enforced") return;
  throw new StateError("This phase's policy does not yet ask all its members, so per-user MFA has to stay on.", {
    nextStep: `Call apply_ca_policy with phase ${id} and state enforced, wait until it is judged, then call again.`,
  });
}

async function contentFor(
  { state, roster, emergency }: RolloutView,
  { id }: Phase,
  documents: DocumentStore,
): Promise<Content> {
  if (roster === null)
    throw new StateError("There is no list of users yet.", { nextStep: "Call reconcile_users first." });
  const { perUserMfa, isTold } = await legacyMfaFacts(state, documents);
  const members = [...wantedMembers(id, { roster, emergency })];
  const done = [...state.effects.values()].filter(
    ({ subject, status }) => subject.kind === "per_user_mfa" && subject.phase === id && status === "done",
  );
  return {
    to: "retire",
    phase: id,
    accounts: members.filter((member) => !isTold || perUserMfa.has(member)).toSorted(),
    round: done.length,
    bridge: id === CLOSING_PHASE && state.bridges.get(BRIDGES.registered)?.state === "enforced",
  };
}

async function effectsOf(
  open: OpenRollout<Needs>,
  { id: phase }: Phase,
): Promise<(signed: Content) => readonly Effect[]> {
  const [legacy, policies] = [await open.vendor("legacyMfa"), await open.vendor("conditionalAccess")];
  const rollout = open.id;
  const bridgeId = () => madePolicyId(open, BRIDGES.registered);
  return ({ accounts, round, bridge }) => [
    ...(accounts.length === 0
      ? []
      : [perUserMfaOffEffect({ rollout, phase, accounts: accounts.map(entraObjectId), round }, legacy)]),
    ...(bridge
      ? [policyStateEffect({ rollout, phase: BRIDGES.registered, to: "disabled", round: 0 }, policies, bridgeId)]
      : []),
  ];
}
