import type { Roster } from "../exceptions/scope.ts";
import type { PhaseId } from "../model/ids.ts";
import type { User } from "../model/people.ts";
import type { ProcedureSettings } from "../model/procedure.ts";
import { type CalendarDate, daysBetween } from "../model/time.ts";
import type { RolloutState } from "../rollout/state.ts";

/** A user in scope who still cannot use MFA when it matters. */
export interface Holdout {
  readonly user: User;
  readonly phase: PhaseId;
  /** True: the phase is enforced, so this user cannot sign in until enrolled. */
  readonly enforced: boolean;
  /** Days to the deadline; negative after it. */
  readonly daysLeft: number;
}

/**
 * Users in scope who are not capable although their phase is enforced or the deadline is near, in the order of the
 * phases. A user whom the registration report does not show counts as not capable.
 */
export function holdouts(rollout: {
  readonly roster: Roster;
  readonly state: Pick<RolloutState, "policies" | "deadline">;
  readonly settings: Pick<ProcedureSettings, "holdoutDays">;
  readonly today: CalendarDate;
}): readonly Holdout[] {
  const { roster, state, settings, today } = rollout;
  const daysLeft = daysBetween(today, state.deadline);
  return [...roster.byPhase].flatMap(([phase, users]) => {
    const enforced = state.policies.get(phase)?.state === "enforced";
    if (!enforced && daysLeft > settings.holdoutDays) return [];
    return users
      .filter(({ registration }) => registration?.capable !== true)
      .map((user) => ({ user, phase, enforced, daysLeft }));
  });
}
