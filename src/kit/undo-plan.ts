import { z } from "zod";
import { type PhaseId, planId, type Sha256 } from "../domain/model/ids.ts";
import type { RolloutState } from "../domain/rollout/state.ts";

/** What stood before a plan, kept in the plan itself, and the call that brings it back. */
export const UndoPlan = z.object({
  /** `null`: there was none, and what is made is never deleted; report-only it keeps nobody out. */
  policy: z.object({ id: z.string(), state: z.string() }).nullable(),
  /** Digest of the plan whose stored content has the members until now; `null`: nobody was in the group. */
  groups: z.array(z.object({ nickname: z.string(), membersIn: z.string().nullable() })),
  tool: z.literal("apply_ca_policy"),
  args: z.object({ phase: z.string(), state: z.literal("roll_back") }),
});
export type UndoPlan = z.output<typeof UndoPlan>;

/** As the ledger has it: gates refuse to enforce while the tenant stands in another way. */
export function undoPlan(state: RolloutState, phase: PhaseId, nicknames: readonly string[]): UndoPlan {
  const live = state.policies.get(phase);
  return {
    policy: live === undefined ? null : { id: live.policyId, state: live.state },
    groups: nicknames.map((nickname) => ({ nickname, membersIn: lastPlan(state, nickname) })),
    tool: "apply_ca_policy",
    args: { phase, state: "roll_back" },
  };
}

/** What the person who signs can go back to. */
export function undoLines({ policy, groups, args }: UndoPlan, rollout: string): readonly string[] {
  return [
    policy === null
      ? "Until now there is no such policy"
      : `Until now policy ${policy.id} is ${policy.state}; to bring that back: apply_ca_policy ${JSON.stringify({ rollout, ...args })}`,
    ...groups.map(
      ({ nickname, membersIn }) =>
        membersIn === null
          ? `Until now nobody is in group ${nickname}`
          : `Until now group ${nickname} holds the accounts of ${planId(membersIn as Sha256)}`, // a plan's digest, from the ledger
    ),
  ];
}

/** The plan that enforced the phase last, which a roll-back undoes; `null`: it was found done. */
export function enforcedBy(state: RolloutState, phase: PhaseId): string | null {
  const enforcing = [...state.effects.values()].findLast(
    ({ subject, status }) =>
      subject.kind === "policy_state" && subject.phase === phase && subject.state === "enforced" && status === "done",
  );
  return enforcing?.plan ? planId(enforcing.plan) : null;
}

function lastPlan({ effects }: RolloutState, nickname: string): Sha256 | null {
  const filled = [...effects.values()].findLast(
    ({ subject, status }) => subject.kind === "group_members" && subject.nickname === nickname && status === "done",
  );
  return filled?.plan ?? null;
}
