import { z } from "zod";
import type { PassPlan } from "../domain/access-pass/judge-pass.ts";
import { RECIPIENTS } from "../domain/access-pass/judge-pass.ts";
import { entraObjectId, type UserId } from "../domain/model/ids.ts";
import type { RolloutState } from "../domain/rollout/state.ts";
import type { AccessPassPort } from "../ports/access-passes.ts";
import type { Clock } from "../ports/clock.ts";
import type { Effect } from "../ports/rollout-store.ts";
import { accessPassEffect, type ToldPass } from "./effects/access-pass-effect.ts";

/** The tool that plans passes. */
export const PASS_TOOL = "issue_access_pass";

/** What a signed plan of a pass holds. */
export const PassContent = z.object({
  userId: z.string(),
  objectId: z.string(),
  upn: z.string(),
  displayName: z.string(),
  minutes: z.number(),
  recipient: z.object({ kind: z.enum(RECIPIENTS), name: z.string(), address: z.string() }),
  privileged: z.boolean(),
  round: z.number(),
  replaces: z.array(z.string()),
});
export type PassContent = z.output<typeof PassContent>;

/** The passes that were made for a user in this rollout, oldest first. */
export const passesOf = ({ effects }: Pick<RolloutState, "effects">, user: UserId) =>
  [...effects.values()].filter(
    ({ subject, status }) => subject.kind === "access_pass" && subject.userId === user && status === "done",
  );

/** The plan with its place among the user's passes; a later one takes the place of those before. */
export function passContent(plan: PassPlan, state: Pick<RolloutState, "effects">): PassContent {
  const earlier = passesOf(state, plan.userId);
  const replaces = earlier.flatMap(({ outcome }) => (typeof outcome.passId === "string" ? outcome.passId : []));
  return { ...plan, round: earlier.length, replaces };
}

/** What a person reads before signing. */
export const passLines = ({
  displayName,
  upn,
  minutes,
  recipient,
  privileged,
  replaces,
}: PassContent): readonly string[] => [
  `Temporary Access Pass for ${displayName} (${upn}): signs in once without a second factor, within ${minutes} minutes.`,
  recipient.kind === "person"
    ? "Given to the person alone, once the technician is sure who they are."
    : `Given to the manager alone: ${recipient.name} <${recipient.address}>, employed, with MFA of their own.`,
  "Made when a technician runs mfa-rollout access-pass; shown there once and kept nowhere.",
  "A pass of this plan that nobody was told, because an answer was lost, is deleted and made anew.",
  ...(replaces.length > 0 ? [`Passes made earlier in this rollout are deleted: ${replaces.length}.`] : []),
  ...(privileged
    ? ["The account holds a role of the directory, or is not known not to: only a senior approver signs."]
    : []),
];

/** The one change of the plan. `tell` gets the passcode, and nothing else does. */
export const passEffects = (
  { userId, objectId, minutes, round, replaces }: PassContent,
  parts: {
    readonly rollout: string;
    readonly passes: AccessPassPort;
    readonly clock: Clock;
    tell(told: ToldPass): Promise<void>;
  },
): readonly Effect[] => [
  accessPassEffect({
    ...parts,
    userId: userId as UserId, // planned from the list
    objectId: entraObjectId(objectId),
    minutes,
    round,
    replaces,
  }),
];
