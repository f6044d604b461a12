import { z } from "zod";
import { CLOSING_PHASE, type PhaseId } from "../domain/model/ids.ts";
import type { Phase, PolicyState } from "../domain/model/phase.ts";
import { toldOf } from "../domain/phases/told-date.ts";
import { enforcing, groupDisplayName, groupNickname, wantedMembers } from "../domain/policy/groups.ts";
import type { MadeFrom } from "../domain/policy/made-from.ts";
import { fingerprint } from "../domain/rollout/fingerprint.ts";
import { openMoves } from "../domain/rollout/open-moves.ts";
import { groupsOf, type RolloutView } from "../domain/rollout/step-status.ts";
import { StateError } from "../errors.ts";
import type { GroupPlan } from "./effects/group-effects.ts";
import { phaseName } from "./phase-of.ts";
import { SignedFor } from "./signed-for.ts";
import { enforcedBy, UndoPlan, undoLines, undoPlan } from "./undo-plan.ts";

/** What a person signs when a policy is to stand in another way. */
export const PolicyPlan = z.object({
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
  /** `null` for a roll-back, and in plans from before it was kept. */
  undo: UndoPlan.nullable().default(null),
  madeFrom: SignedFor,
});
export type PolicyPlan = z.output<typeof PolicyPlan>;

/** What has to change for the policy to stand as asked; nothing when it stands so. */
export function policyPlan(
  view: RolloutView,
  phase: Phase,
  { to, madeFrom }: { readonly to: PolicyPlan["to"]; readonly madeFrom: MadeFrom | null },
): PolicyPlan {
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
  const toFill = to === "roll_back" ? [] : groups.filter((group) => needsFilling(state, group));
  const nicknames = toFill.map(({ nickname }) => nickname);
  return {
    phase: phase.id,
    to,
    groups: toFill,
    undo: to === "roll_back" ? null : undoPlan(state, phase.id, nicknames),
    draft: live === undefined ? draft.draft : null,
    round: changes.filter(({ status }) => status === "done").length,
    changeState: live !== undefined && (live.state !== wanted || mayStandOtherwise(state, phase, wanted)),
    madeFrom,
  };
}

/** A change to another state was cut off, so the tenant may have it although the ledger does not. */
const mayStandOtherwise = ({ effects }: RolloutView["state"], { id }: Phase, wanted: PolicyState): boolean =>
  openMoves({ effects }).some(({ phase, state }) => phase === id && state !== wanted);

const needsFilling = (state: RolloutView["state"], group: GroupPlan): boolean =>
  state.groupMembers.get(group.nickname) !== fingerprint(group.members);

/** The plan in a line. */
export function policyPlanTitle({ to, groups, draft, changeState }: PolicyPlan, phase: Phase): string {
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

/** What a plan can be undone to; for a roll-back, what it undoes. */
function undone({ to, phase, undo }: PolicyPlan, state: RolloutView["state"]): readonly string[] {
  if (undo !== null) return undoLines(undo, state.id);
  const enforcing = to === "roll_back" ? enforcedBy(state, phase as PhaseId) : null; // checked against the rollout's phases
  return enforcing === null ? [] : [`Undoes ${enforcing}: the policy goes back to what it was before that`];
}

/** What the person who signs an enforcement accepts by it. */
function foreseenLines({ phase, to }: PolicyPlan, { state }: RolloutView, nameOf: (userId: string) => string) {
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
function waitingLines({ phase, to, groups }: PolicyPlan, { state, roster }: RolloutView): readonly string[] {
  if (to !== "enforced" || groups.length === 0) return [];
  const told = toldOf(state);
  return (roster?.byPhase.get(phase as PhaseId) ?? []) // checked against the rollout's phases
    .filter(({ id }) => roster?.late.has(id))
    .map(
      (user) =>
        `Not before their own date, ${told.get(user.id)?.date ?? "which nobody told them yet"}: ${user.displayName}`,
    );
}

/** What the plan does, with every account by name. */
export function policyPlanLines(content: PolicyPlan, view: RolloutView): readonly string[] {
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
    ...undone(content, state),
    ...foreseenLines(content, view, (userId) => nameOf(userId.replace(/^usr_/, "")).trim()),
    ...content.groups.flatMap((group) => [
      `Group ${group.nickname} holds exactly these ${group.members.length} accounts:`,
      ...group.members.map(nameOf),
    ]),
    ...waitingLines(content, view),
  ];
}
