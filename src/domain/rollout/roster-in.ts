import { type Placing, type Roster, rosterOf } from "../exceptions/scope.ts";
import type { Exception } from "../model/exception.ts";
import type { PhaseId } from "../model/ids.ts";
import type { User } from "../model/people.ts";
import type { CalendarDate } from "../model/time.ts";
import { toldOf } from "../phases/told-date.ts";
import type { RolloutState } from "./state.ts";

/** The facts of a state that people are placed by. */
type PlacingState = Pick<
  RolloutState,
  "phases" | "mails" | "enforcementDates" | "policies" | "renamed" | "endedExceptions"
>;

/** What places people in a rollout as it stands. */
export const placingIn = (
  state: PlacingState,
  { register, today }: { readonly register: readonly Exception[]; readonly today: CalendarDate },
): Placing => ({
  register,
  phases: state.phases,
  told: toldOf(state),
  renamed: state.renamed,
  ended: state.endedExceptions,
  enforced: enforcedPhases(state),
  today,
});

/** Who belongs where in a rollout as it stands. */
export const rosterIn = (
  state: PlacingState,
  people: { readonly users: Iterable<User>; readonly register: readonly Exception[]; readonly today: CalendarDate },
): Roster => rosterOf({ ...placingIn(state, people), users: people.users });

const enforcedPhases = ({ policies }: Pick<RolloutState, "policies">): ReadonlySet<PhaseId> =>
  new Set([...policies].flatMap(([phase, { state }]) => (state === "enforced" ? [phase] : [])));
