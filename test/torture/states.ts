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

/** The boundaries of the trace at whose states it ended: the last one, and those before it with nothing changed since. */
export function sameState(trace: readonly string[]): readonly string[] {
  let first = trace.length - 1;
  while (first > 0 && !isChange(trace, first)) first -= 1;
  return trace.slice(Math.max(first, 0));
}

/** The last boundaries of the states that were passed: deaths there are deaths everywhere. */
export const lastOfStates = (trace: readonly string[]): readonly string[] =>
  trace.filter((_, index) => index + 1 === trace.length || isChange(trace, index + 1));

/** Whether something outside changed between this boundary and the one before. A half line is a state of its own. */
function isChange(trace: readonly string[], index: number): boolean {
  return !UNCHANGED.test(trace[index] ?? "") || HALF.test(trace[index - 1] ?? "");
}
