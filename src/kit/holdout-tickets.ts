import type { Holdout } from "../domain/coverage/holdouts.ts";
import type { EffectRecord } from "../domain/model/effect.ts";
import type { UserId } from "../domain/model/ids.ts";
import type { RolloutState } from "../domain/rollout/state.ts";

/** A holdout's ticket as a plan names it. */
export interface HoldoutTicket {
  readonly userId: UserId;
  readonly phase: string;
  readonly summary: string;
  readonly text: string;
}

/** Longest summary that the service desk takes. */
const LONGEST_SUMMARY = 100;

export function holdoutTicket({ user, phase, daysLeft, enforced }: Holdout, rollout: string): HoldoutTicket {
  const upn = user.account?.upn ?? "";
  return {
    userId: user.id,
    phase,
    summary: `MFA not set up: ${upn}`.slice(0, LONGEST_SUMMARY),
    text: [
      `${user.displayName} (${upn}, ${user.department ?? "no department"}) has no MFA method that policy allows.`,
      enforced
        ? "The phase is enforced: this person is asked to register at the next sign-in."
        : "The phase is not enforced yet.",
      `Days to the deadline: ${daysLeft}. Manager: ${user.manager?.displayName ?? "none on record"}.`,
      `Rollout ${rollout}.`,
    ].join("\n"),
  };
}

/** Effects of one kind that are done, newest last. */
export function doneEffects<Kind extends EffectRecord["subject"]["kind"]>(state: RolloutState, kind: Kind) {
  return [...state.effects.values()].filter(
    (effect): effect is EffectRecord & { readonly subject: Extract<EffectRecord["subject"], { kind: Kind }> } =>
      effect.subject.kind === kind && effect.status === "done",
  );
}
