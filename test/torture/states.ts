/**
 * What a death leaves is what is outside the process: the files as any other process reads them, and what vendors were
 * asked to change. Boundaries with no change of these between them are one state, and a death at the last of them is a
 * death at each: whatever the process had only read, or was only about to do, is gone with it. A lock is gone, too, for
 * the kernel frees it; and an fsync changes what a power failure leaves, not what a death does.
 */
const UNCHANGED =
  /^(before (append|truncate|fsync|giving back|[A-Z]+ )|after (fsync|taking the lock|giving back the lock)|(sent|answered) GET )/;
/** Written down to die at, and not done by a process that lives on. */
const HALF = /^half /;

/** Stands in a trace where people acted or time was moved, which is a change that the server has no part in. */
export const OUTSIDE = "outside";

/** The boundaries at whose state a trace ended: the last one, and those before it with nothing changed since. */
export function sameState(trace: readonly string[]): readonly string[] {
  let first = trace.length - 1;
  while (first > 0 && !isChange(trace, first)) first -= 1;
  return boundaries(trace.slice(Math.max(first, 0)));
}

/** The last boundaries of the states that were passed: deaths there are deaths everywhere. */
export const lastOfStates = (trace: readonly string[]): readonly string[] =>
  boundaries(trace.filter((_, index) => index + 1 === trace.length || isChange(trace, index + 1)));

/** What the server passed itself. */
export const boundaries = (trace: readonly string[]): readonly string[] => trace.filter((one) => one !== OUTSIDE);

/** Whether something outside changed between this boundary and the one before. A half line is a state of its own. */
function isChange(trace: readonly string[], index: number): boolean {
  const before = trace[index - 1] ?? "";
  return !UNCHANGED.test(trace[index] ?? "") || HALF.test(before) || before === OUTSIDE;
}

/** `before append effect_done` of `before append effect_done #3 of step_done reconcile_users (2)`. */
export const kindOf = (id: string): string => id.replace(/ #\d+ of .*$/, "");

/** The step of the rollout that a boundary lies in. */
export const stepOf = (id: string): string => id.replace(/^.* #\d+ of /, "");
