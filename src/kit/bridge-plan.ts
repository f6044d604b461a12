import { z } from "zod";
import { BRIDGES, type PhaseId } from "../domain/model/ids.ts";
import { bridgeDrafts } from "../domain/policy/bridge.ts";
import { groupDisplayName, groupNickname } from "../domain/policy/groups.ts";
import type { MadeFrom } from "../domain/policy/made-from.ts";
import { type SwitchOver, switchOver, type WhyWeaker } from "../domain/protection/switch-over.ts";
import { bridgeBegun } from "../domain/rollout/bridging.ts";
import type { RolloutView } from "../domain/rollout/step-status.ts";
import { StateError } from "../errors.ts";
import type { Effect } from "../ports/rollout-store.ts";
import { groupEffect, groupMembersEffect } from "./effects/group-effects.ts";
import { securityDefaultsOffEffect } from "./effects/legacy-mfa-effects.ts";
import { policyEffect, policyStateEffect } from "./effects/policy-effects.ts";
import { legacyMfaFacts } from "./legacy-mfa-facts.ts";
import { madeGroupId, madePolicyId } from "./made-ids.ts";
import { SignedFor, signedForLines } from "./signed-for.ts";
import type { Act, OpenRollout, ToolContext } from "./tool-context.ts";

type Needs = "conditionalAccess" | "directory" | "legacyMfa";

/**
 * How long the plan says the tenant may stand between the two changes. Each is one request, some seconds apart; the rest
 * is for requests that have to be repeated.
 */
const GAP_MINUTES = 15;

const Content = z.object({
  to: z.literal("bridge"),
  phase: z.string(),
  group: z.object({ nickname: z.string(), displayName: z.string(), members: z.array(z.string()) }).nullable(),
  policies: z.array(z.object({ id: z.string(), draft: z.string() })),
  /** Between the two changes, everybody but who has per-user MFA. */
  gapMinutes: z.number(),
  /** Who is less protected after it than before, and until when at the latest. */
  weaker: z.array(z.object({ account: z.string(), why: z.string(), until: z.string().nullable() })),
  madeFrom: SignedFor,
});
type Content = z.output<typeof Content>;

/** The plan that turns security defaults off and lets the bridge take their place, in an order that leaves no gap but one. */
export async function bridgeAct(
  open: OpenRollout<Needs>,
  context: ToolContext<Needs>,
  { phase, madeFrom }: { readonly phase: PhaseId; readonly madeFrom: MadeFrom | null },
): Promise<Act<Content>> {
  const view = await open.view();
  const [directory, policies] = [await open.vendor("directory"), await open.vendor("conditionalAccess")];
  const legacy = await open.vendor("legacyMfa");
  const groupId = (nickname: string) => madeGroupId(open, nickname);
  const args = { phase, state: "bridge" };
  const since = await signedForLines(open, madeFrom, { args, documents: context.documents });
  const { content, lines } = await plan(open, view, { context, phase, madeFrom });

  const effects = (signed: Content): readonly Effect[] => {
    const group = signed.group;
    const made = signed.policies.map(({ id, draft }) => ({ phase: id as PhaseId, draft })); // ours, from a signed plan
    if (group === null) return [];
    return [
      groupEffect(open.id, group, directory),
      groupMembersEffect({ rollout: open.id, group, round: 0 }, directory, () => groupId(group.nickname)),
      ...made.map((one) =>
        policyEffect({
          ...{ rollout: open.id, groups: [group.nickname], groupId, policies, documents: context.documents },
          ...one,
        }),
      ),
      // Nothing may come between these: from here on the tenant is less protected until the last of them is done.
      securityDefaultsOffEffect(open.id, legacy),
      ...made.map((one) =>
        policyStateEffect({ rollout: open.id, phase: one.phase, to: "enforced", round: 0 }, policies, () =>
          madePolicyId(open, one.phase),
        ),
      ),
    ];
  };
  return {
    tool: "apply_ca_policy",
    args,
    title: content.group === null ? "Security defaults are off" : "Replace security defaults by policies",
    lines: [...since, ...lines],
    content,
    schema: Content,
    standingTexts: null,
    effects,
  };
}

async function plan(
  open: OpenRollout<Needs>,
  view: RolloutView,
  {
    context,
    phase,
    madeFrom,
  }: { readonly context: ToolContext<Needs>; readonly phase: PhaseId; readonly madeFrom: MadeFrom | null },
): Promise<{ readonly content: Content; readonly lines: readonly string[] }> {
  const { state, roster, emergency, customer } = view;
  if (!customer.replacesLegacyMfa) {
    throw new StateError("This customer's security defaults are turned off by a person.", {
      nextStep: "Ask an administrator, or set replace_legacy_mfa in the customer's file and grant the two permissions.",
    });
  }
  if (roster === null)
    throw new StateError("There is no list of users yet.", { nextStep: "Call reconcile_users first." });
  const none = { to: "bridge" as const, phase, group: null, policies: [], gapMinutes: 0, weaker: [], madeFrom: null };
  // What was begun goes on as signed, whatever is planned now.
  if (bridgeBegun(state)) return { content: none, lines: [] };
  const { defaultsOn, perUserMfa } = await legacyMfaFacts(state, context.documents);
  if (!defaultsOn) return { content: none, lines: [] };

  const [users, register] = [await open.users(), await open.register()];
  const sync = register.filter(({ kind }) => kind === "directory_sync").map(({ objectId }) => objectId);
  const findings = [...state.findings.values()].filter(({ status }) => status === "open");
  const change = switchOver({
    users,
    roster,
    emergency: new Set(emergency),
    directorySync: new Set(sync),
    perUserMfa,
    wouldBreak: new Set(findings.map(({ objectId }) => objectId)),
    latest: state.deadline,
  });
  const drafts = bridgeDrafts({ rollout: open.id, customer, emergencyObjectIds: emergency });
  const policies = [];
  for (const { id, draft } of drafts) policies.push({ id, draft: await context.documents.put(JSON.stringify(draft)) });
  const content: Content = {
    to: "bridge",
    phase,
    group: {
      nickname: groupNickname(open.id, BRIDGES.registered),
      displayName: groupDisplayName(open.id, BRIDGES.registered, "registered users, until each phase is enforced"),
      members: [...change.bridged],
    },
    policies,
    gapMinutes: GAP_MINUTES,
    weaker: change.weaker.map((one) => ({ ...one })),
    madeFrom,
  };
  const names = new Map(
    users.flatMap((user) => (user.account ? [[user.account.objectId as string, user] as const] : [])),
  );
  const nameOf = (id: string): string => {
    const user = names.get(id);
    return user === undefined ? id : `${user.displayName} <${user.account?.upn ?? ""}>`;
  };
  return { content, lines: linesOf(change, { drafts, nameOf }) };
}

const WHY: Readonly<Record<WhyWeaker, string>> = {
  not_registered: "has no method yet and is asked for none until the phase is enforced",
  would_break: "has a client that MFA would break, an open finding",
  excepted: "is excepted; legacy authentication stays barred",
  emergency_access: "is an emergency access account",
  outside_phases: "is in no phase: a guest, or somebody who has left",
};

/** What the person who signs accepts: what happens in which order, and who is worse off for how long. */
function linesOf(
  { bridged, weaker, inTheGap, accounts }: SwitchOver,
  { drafts, nameOf }: { readonly drafts: ReturnType<typeof bridgeDrafts>; nameOf(id: string): string },
): readonly string[] {
  return [
    ...drafts.map(({ draft }, index) => `${index + 1}. Create the policy "${draft.displayName}", report-only`),
    `${drafts.length + 1}. Turn security defaults off for the whole tenant`,
    ...drafts.map(({ draft }, index) => `${drafts.length + 2 + index}. Enforce "${draft.displayName}", at once`),
    `Between step ${drafts.length + 1} and the last, some seconds and at most ${GAP_MINUTES} minutes: legacy authentication is not barred for any of ${accounts} accounts, and ${inTheGap} without per-user MFA are asked for no MFA`,
    "If the server is stopped in between, get_rollout asks for this call before anything else; until it is made the gap stays open",
    "Security defaults cannot be turned on again while a policy is enforced. Microsoft may add policies of its own",
    `Asked for MFA at every sign-in from now on, because they are registered: ${bridged.length} accounts`,
    `Less protected than by security defaults: ${weaker.length} accounts`,
    ...weaker.map(
      ({ account, why, until }) =>
        `  ${nameOf(account)} ${WHY[why]}; ${until === null ? "for as long as it is excepted" : `until ${until} at the latest`}`,
    ),
    `Group of the accounts that are asked: ${bridged.length}`,
    ...bridged.map((id) => `  ${nameOf(id)}`),
  ];
}
