import { exceptionsInForce, type Placing, phaseFinder, whyOutOfScope } from "../exceptions/scope.ts";
import { CLOSING_PHASE, type PhaseId, type UserId } from "../model/ids.ts";
import type { User } from "../model/people.ts";
import type { CalendarDate } from "../model/time.ts";
import { isEmployed } from "../reconcile/employment.ts";

/** What became of a user since a phase was planned, in the order in which people read it. */
export const DRIFT_KINDS = [
  "joined",
  "moved_in",
  "leave_ended",
  "exception_ended",
  "re_enabled",
  "left",
  "moved_out",
  "leave_began",
  "exception_granted",
  "disabled",
  /** In another department, and still with the phase whose date they were told. */
  "moved_and_stays",
  /** Carved out today, and no longer on the phase's date. */
  "exception_ends_before",
] as const;
export type DriftKind = (typeof DRIFT_KINDS)[number];

export interface Drift {
  readonly userId: UserId;
  readonly kind: DriftKind;
}

/** What has changed about a phase's people since that day; `null`: it was not planned yet, and nothing before it. */
export interface PhaseDrift {
  readonly since: CalendarDate | null;
  readonly changes: readonly Drift[];
}

/** Where a user stood on a day, apart from what they were told since. */
export interface Place {
  readonly id: UserId;
  readonly department: string | null;
  /** `in`: enforcement concerns them; else why not. */
  readonly stands: "in" | "leave" | "exception" | "disabled" | "gone";
  /** Of an exception in force. */
  readonly expires: CalendarDate | null;
}

/** Says where each user of a list stands, one at a time, so that a list may stream by. */
export function placer({ register, today }: Pick<Placing, "register" | "today">): (user: User) => Place {
  const inForce = exceptionsInForce(register, today);
  return (user) => {
    const { id, department, account } = user;
    const exception = account === null ? undefined : inForce.get(id);
    if (exception !== undefined) {
      return {
        id,
        department,
        stands: exception.kind === "on_leave" ? "leave" : "exception",
        expires: exception.expires,
      };
    }
    const why = whyOutOfScope(user, today);
    // Who has left has the account disabled as well, and is not only that.
    const works = user.employee === null || isEmployed(user.employee, today);
    const stands = why === null ? "in" : works && user.account?.enabled === false ? "disabled" : "gone";
    return { id, department, stands, expires: null };
  };
}

/** Two days of the same people. */
interface Change {
  readonly before: ReadonlyMap<UserId, Place>;
  readonly now: ReadonlyMap<UserId, Place>;
  readonly placing: Pick<Placing, "phases" | "told" | "renamed">;
  /** The phase's enforcement date, as far as it is known. */
  readonly date: CalendarDate | null;
}

/**
 * What has changed about a phase's people since it was planned, by kind and then by id; empty: nothing. For the closing
 * phase it is who came into its scope or left it, since its policy covers all. A department's new name is no change.
 */
export function drift(phase: PhaseId, change: Change): readonly Drift[] {
  const { before, now, placing } = change;
  const told = phaseFinder(placing);
  const own = phaseFinder({ ...placing, told: new Map() });
  const isClosing = phase === CLOSING_PHASE;
  const isOurs = (place: Place): boolean => isClosing || told(place) === phase;
  const hasMoved = (was: Place, is: Place): boolean => !isClosing && own(was) !== own(is);

  const found: Drift[] = [];
  const compare = (userId: UserId, was: Place, is: Place): void => {
    const kind = isSame(was, is)
      ? endsBefore(is, { date: change.date, isOurs })
      : (kindOf({ was, is }, { isOurs, hasMoved }) ?? endsBefore(is, { date: change.date, isOurs }));
    if (kind !== null) found.push({ userId, kind });
  };
  for (const [id, is] of now) compare(id, before.get(id) ?? nowhere(id), is);
  for (const [id, was] of before) if (!now.has(id)) compare(id, was, nowhere(id));
  return found.sort(
    (a, b) => DRIFT_KINDS.indexOf(a.kind) - DRIFT_KINDS.indexOf(b.kind) || (a.userId < b.userId ? -1 : 1),
  );
}

const nowhere = (id: UserId): Place => ({ id, department: null, stands: "gone", expires: null });

const isSame = (was: Place, is: Place): boolean => was.stands === is.stands && was.department === is.department;

function kindOf(
  { was, is }: { readonly was: Place; readonly is: Place },
  { isOurs, hasMoved }: { isOurs(place: Place): boolean; hasMoved(was: Place, is: Place): boolean },
): DriftKind | null {
  const wasIn = was.stands === "in" && isOurs(was);
  const isIn = is.stands === "in" && isOurs(is);
  if (wasIn && isIn) return hasMoved(was, is) ? "moved_and_stays" : null;
  if (isIn) return was.stands === "in" ? "moved_in" : CAME[was.stands];
  if (wasIn) return is.stands === "in" ? "moved_out" : WENT[is.stands];
  return null;
}

const endsBefore = (
  is: Place,
  { date, isOurs }: { readonly date: CalendarDate | null; isOurs(place: Place): boolean },
): DriftKind | null =>
  is.expires !== null && date !== null && is.expires < date && isOurs(is) ? "exception_ends_before" : null;

const CAME: Readonly<Record<Exclude<Place["stands"], "in">, DriftKind>> = {
  leave: "leave_ended",
  exception: "exception_ended",
  disabled: "re_enabled",
  gone: "joined",
};

const WENT: Readonly<Record<Exclude<Place["stands"], "in">, DriftKind>> = {
  leave: "leave_began",
  exception: "exception_granted",
  disabled: "disabled",
  gone: "left",
};
