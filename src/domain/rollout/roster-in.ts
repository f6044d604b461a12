import { type Placing, type Roster, rosterOf } from "../exceptions/scope.ts";
import type { Exception } from "../model/exception.ts";
import { CLOSING_PHASE, type PhaseId } from "../model/ids.ts";
import type { User } from "../model/people.ts";
import type { Phase } from "../model/phase.ts";
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
  phases: phasesLeft(state),
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

/** Once the closing policy is enforced no other phase begins: who comes then is covered from the first day. */
const phasesLeft = ({ phases, policies }: Pick<RolloutState, "phases" | "policies">): readonly Phase[] =>
  policies.get(CLOSING_PHASE)?.state === "enforced" ? phases.filter(({ id }) => policies.has(id)) : phases;

const enforcedPhases = ({ policies }: Pick<RolloutState, "policies">): ReadonlySet<PhaseId> =>
  new Set([...policies].flatMap(([phase, { state }]) => (state === "enforced" ? [phase] : [])));
