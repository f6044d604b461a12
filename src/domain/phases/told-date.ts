import type { Roster } from "../exceptions/scope.ts";
import { CLOSING_PHASE, type UserId } from "../model/ids.ts";
import type { Phase, Told } from "../model/phase.ts";
import type { Procedure } from "../model/procedure.ts";
import { addDays, type CalendarDate } from "../model/time.ts";
import type { RolloutState } from "../rollout/state.ts";
import { nextWorkingDay } from "./calendar.ts";
import { phaseDate } from "./phase-date.ts";

/** Everybody who was announced. Announcements from before dates were kept named their phase's. */
export function toldOf({
  mails,
  enforcementDates,
}: Pick<RolloutState, "mails" | "enforcementDates">): ReadonlyMap<UserId, Told> {
  const told = new Map<UserId, Told>();
  for (const [user, { phase, date }] of mails.get("announcement") ?? []) {
    const others = enforcementDates.get(phase) ?? NEVER;
    told.set(user, { phase, date: date ?? others, isLater: date !== undefined && date > others });
  }
  return told;
}

/** After every date there is: a mail whose phase has no date told none. */
const NEVER = "9999-12-31" as CalendarDate;

/**
 * The date that each user of a phase was told, or is told today: the phase's, or for whoever comes too late for that
 * their own, after a fair lead. The closing policy covers everybody from its date on, so no date is told beyond it, but
 * to those whom it leaves out until theirs.
 */
export function datesToTell(
  phase: Phase,
  view: {
    readonly state: RolloutState;
    readonly roster: Roster | null;
    readonly procedure: Procedure;
    readonly today: CalendarDate;
  },
): (user: UserId) => CalendarDate {
  const { state, roster, procedure, today } = view;
  const { leadDays, lateLeadDays, frozen } = procedure.settings;
  const told = toldOf(state);
  const closing = state.enforcementDates.get(CLOSING_PHASE) ?? NEVER;
  const date = phaseDate(phase, view);
  const fair = nextWorkingDay(addDays(today, Math.min(lateLeadDays, leadDays)), frozen);
  const alone = date < fair ? fair : date;
  const covered = alone <= closing ? alone : closing > today ? closing : today;
  const isSpared = (user: UserId): boolean =>
    roster?.enforced.has(CLOSING_PHASE) === true && roster.returning.has(user);
  return (user) => told.get(user)?.date ?? (isSpared(user) ? alone : covered);
}
