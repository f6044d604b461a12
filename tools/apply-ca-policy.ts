import { z } from "zod";
import { CLOSING_PHASE, type EntraObjectId, entraObjectId, type PhaseId } from "../src/domain/model/ids.ts";
import type { Phase } from "../src/domain/model/phase.ts";
import { toldOf } from "../src/domain/phases/told-date.ts";
import type { PolicyDraft } from "../src/domain/policy/draft.ts";
import { enforcing, groupDisplayName, groupNickname, wantedMembers } from "../src/domain/policy/groups.ts";
import { blockers } from "../src/domain/rollout/blockers.ts";
import { fingerprint } from "../src/domain/rollout/fingerprint.ts";
import { followsOnly, groupsOf, type RolloutView } from "../src/domain/rollout/step-status.ts";
import { StateError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { driftLines } from "../src/kit/drift-lines.ts";
import { type GroupPlan, groupEffect, groupMembersEffect } from "../src/kit/effects/group-effects.ts";
import { policyEffect, policyStateEffect } from "../src/kit/effects/policy-effects.ts";
import { phaseField, rolloutField } from "../src/kit/fields.ts";
import { gateClosed } from "../src/kit/gate-closed.ts";
import { lookAtTenant } from "../src/kit/look-at-tenant.ts";
import { phaseName, phaseOf } from "../src/kit/phase-of.ts";
import { planned, plannedOutput, plannedText } from "../src/kit/planned-output.ts";
import type { OpenRollout, ToolContext } from "../src/kit/tool-context.ts";

const Content = z.object({
  phase: z.string(),
  to: z.enum(["report_only", "enforced", "roll_back"]),
  groups: z.array(
    z.object({ nickname: z.string(), displayName: z.string(), members: z.array(z.string()), round: z.number() }),
  ),
  /** The draft to create; `null` when the policy is live already. */
  draft: z.string().nullable(),
  /** State changes of this policy so far: tells a second enforcement from a repeated first. */
  round: z.number(),
  changeState: z.boolean(),
});
type Content = z.output<typeof Content>;

export const applyCaPolicy = defineTool({
  name: "apply_ca_policy",
  title: "Apply a Conditional Access policy",
  description:
    "Puts a phase's policy (or phase_closing for everyone) into report_only, enforced or roll_back (back to report-only). " +
    "Fills the groups it names. Enforcing is refused while any gate is closed, with the reasons. Needs a person's approval.",
  approval: "enforce",
  idempotent: true,
  connectors: ["conditionalAccess", "directory"],
  input: z.strictObject({
    rollout: rolloutField,
    phase: phaseField,
    state: z.enum(["report_only", "enforced", "roll_back"]).describe("report_only, enforced or roll_back"),
  }),
  output: z.strictObject({
    ...plannedOutput,
    phase: z.string(),
    live_state: z.string().describe("State of the policy now: none, report_only, enforced, disabled"),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const phase = phaseOf(open.state, input.phase);
    const view = await open.view();
    await refuseWhileClosed(open, view, { phase, to: input.state, context });

    const content = contentFor(view, phase, input.state);
    const [directory, policies] = [await open.vendor("directory"), await open.vendor("conditionalAccess")];
    const groupId = async (nickname: string): Promise<EntraObjectId> =>
      entraObjectId(String((await open.outcomeOf(`${open.id}/group/${nickname}`)).groupId));

    const carried = await open.carryOut({
      tool: "apply_ca_policy",
      args: { phase: phase.id, state: input.state },
      title: titleOf(content, phase),
      lines: [
        ...driftLines(await open.drift(phase.id), await open.users()),
        ...linesOf(content, view),
        ...waitingLines(content, view),
      ],
      content,
      schema: Content,
      standingTexts: null,
      effects: (plan) => [
        ...plan.groups.flatMap((group) => [
          groupEffect(open.id, group, directory),
          groupMembersEffect({ rollout: open.id, group, round: group.round }, directory, () => groupId(group.nickname)),
        ]),
        ...(plan.draft === null
          ? []
          : [
              policyEffect({
                rollout: open.id,
                phase: phase.id,
                draft: plan.draft,
                groupId,
                policies,
                documents: context.documents,
              }),
            ]),
        ...(plan.changeState
          ? [
              policyStateEffect(
                {
                  rollout: open.id,
                  phase: phase.id,
                  to: plan.to === "enforced" ? "enforced" : "report_only",
                  round: plan.round,
                },
                policies,
                async () => String((await open.outcomeOf(`${open.id}/policy/${phase.id}`)).policyId),
              ),
            ]
          : []),
      ],
    });
    return { ...planned(carried), phase: phase.id, live_state: open.state.policies.get(phase.id)?.state ?? "none" };
  },

  summarize: (answer) => `${plannedText(answer)} The policy of ${answer.phase} is now: ${answer.live_state}.`,
});

/** What has to change for the policy to stand as asked; nothing when it stands so. */
function contentFor(view: RolloutView, phase: Phase, to: Content["to"]): Content {
  const { state, roster, emergency } = view;
  const live = state.policies.get(phase.id);
  const draft = state.drafts.get(phase.id);
  if (roster === null)
    throw new StateError("There is no list of users yet.", { nextStep: "Call reconcile_users first." });
  if (draft === undefined)
    throw new StateError("This phase has no policy draft.", {
      nextStep: `Call draft_ca_policy with phase ${phase.id} first.`,
    });
  if (to !== "report_only" && live === undefined) {
    throw new StateError("This phase's policy is not live yet.", {
      nextStep: `Call apply_ca_policy with phase ${phase.id} and state report_only first.`,
    });
  }
  if (to === "report_only" && live?.state === "enforced") {
    throw new StateError("This phase is enforced already.", {
      nextStep: "To take it back on purpose, use state roll_back.",
    });
  }

  const then = to === "enforced" ? enforcing(phase.id, roster) : roster;
  const changes = [...state.effects.values()].filter(
    ({ subject }) => subject.kind === "policy_state" && subject.phase === phase.id,
  );
  const groups = groupsOf(phase.id).map((purpose) => {
    const nickname = groupNickname(state.id, purpose);
    const fillings = [...state.effects.values()].filter(
      ({ subject, status }) => subject.kind === "group_members" && subject.nickname === nickname && status === "done",
    );
    return {
      nickname,
      displayName: groupDisplayName(state.id, purpose, phase.department),
      members: [...wantedMembers(purpose, { roster: then, emergency })].sort(),
      round: fillings.length,
    };
  });
  const wanted = to === "enforced" ? "enforced" : "report_only";
  return {
    phase: phase.id,
    to,
    groups: to === "roll_back" ? [] : groups.filter((group) => needsFilling(state, group)),
    draft: live === undefined ? draft.draft : null,
    round: changes.filter(({ status }) => status === "done").length,
    changeState: live !== undefined && live.state !== wanted,
  };
}

const needsFilling = (state: RolloutView["state"], group: GroupPlan): boolean =>
  state.groupMembers.get(group.nickname) !== fingerprint(group.members);

function titleOf({ to, groups, draft, changeState }: Content, phase: Phase): string {
  const members = groups.find(({ nickname }) => nickname.includes(phase.id))?.members.length;
  const who =
    phase.id === CLOSING_PHASE
      ? "all users"
      : `${phaseName(phase)}${members === undefined ? "" : ` (${members} users)`}`;
  if (to === "roll_back") return `Roll back MFA for ${who} to report-only`;
  if (draft === null && !changeState)
    return groups.length > 0 ? `Bring the groups of ${who} up to date` : `${who} stands as asked`;
  return to === "enforced" ? `Enforce MFA for ${who}` : `Create the report-only MFA policy for ${who}`;
}

/** What the person who signs an enforcement accepts by it. */
function foreseenLines({ phase, to }: Content, { state }: RolloutView, nameOf: (userId: string) => string) {
  const foresight = state.foresights.get(phase as PhaseId); // checked against the rollout's phases
  if (to !== "enforced" || foresight === undefined) return [];
  const { signIns, from, counts, cannotAnswer, silent } = foresight;
  return [
    `Foreseen from ${signIns} sign-ins since ${from}: ${counts.passes} pass, ${counts.prompted} are asked and can answer, ${counts.cannot_answer} cannot answer, ${counts.breaks} have a client that breaks, ${counts.no_evidence} without any sign-in`,
    ...cannotAnswer.map((id) => `Would be locked out, within what the procedure allows: ${nameOf(id)}`),
    ...silent.map((id) => `No sign-in seen; signing accepts that nobody knows what would break: ${nameOf(id)}`),
  ];
}

/** Who is not enforced with the others, so that the person who signs knows why they are not in the group. */
function waitingLines({ phase, to, groups }: Content, { state, roster }: RolloutView): readonly string[] {
  if (to !== "enforced" || groups.length === 0) return [];
  const told = toldOf(state);
  return (roster?.byPhase.get(phase as PhaseId) ?? []) // checked against the rollout's phases
    .filter(({ id }) => roster?.late.has(id))
    .map(
      (user) =>
        `Not before their own date, ${told.get(user.id)?.date ?? "which nobody told them yet"}: ${user.displayName}`,
    );
}

function linesOf(content: Content, view: RolloutView): readonly string[] {
  const { state, roster } = view;
  const users = [...(roster?.byPhase.values() ?? [])].flat();
  const names = new Map(
    users.flatMap((user) => (user.account ? [[user.account.objectId as string, user] as const] : [])),
  );
  const nameOf = (id: string): string => {
    const user = names.get(id);
    return user === undefined
      ? `  ${id}`
      : `  ${user.displayName} <${user.account?.upn ?? ""}> MFA ${user.registration?.capable === true ? "capable" : "NOT capable"}`;
  };
  return [
    content.draft === null
      ? `Policy of ${content.phase} in rollout ${state.id}`
      : `Create policy ${content.phase}, report-only, draft ${content.draft}`,
    ...(content.changeState ? [`Set its state to ${content.to}`] : []),
    ...foreseenLines(content, view, (userId) => nameOf(userId.replace(/^usr_/, "")).trim()),
    ...content.groups.flatMap((group) => [
      `Group ${group.nickname} holds exactly these ${group.members.length} accounts:`,
      ...group.members.map(nameOf),
    ]),
  ];
}

/**
 * Asks every gate. Enforcing also looks at the tenant as it is now, unless the policy is enforced and only groups follow;
 * what that look shows is recorded, so that `next` names the person who has to mend it.
 */
async function refuseWhileClosed(
  open: OpenRollout<"conditionalAccess" | "directory">,
  view: RolloutView,
  { phase, to, context }: { phase: Phase; to: Content["to"]; context: ToolContext<never> },
): Promise<void> {
  const { signal } = context;
  const live = view.state.policies.get(phase.id);
  const following = followsOnly(view.state, phase.id, to);
  const action = { kind: "policy", phase: phase.id, to: following ? "report_only" : to } as const;
  const question = { ...view, action, settings: view.procedure.settings };
  const known = blockers({ ...question, facts: null });
  if (known.length > 0) throw gateClosed(known);
  if (to !== "enforced" || following || live === undefined) return;

  const draft = JSON.parse(await context.documents.text(live.draft)) as PolicyDraft; // ours, its hash was checked
  const facts = await lookAtTenant(open, view, { phase, policyId: live.policyId, draft, signal });
  const found = blockers({ ...question, facts });
  if (found.length === 0) return;
  const seen = found.map(({ code, message }) => ({ code, message }));
  const until = found.every(({ who }) => who === "wait")
    ? found
        .flatMap((gate) => gate.until ?? [])
        .sort()
        .at(-1)
    : undefined;
  await open.record({
    type: "gate_closed",
    data: { phase: phase.id, blockers: seen, ...(until === undefined ? {} : { until }) },
  });
  throw gateClosed(found);
}
