import fc, { type RunDetails } from "fast-check";

/** The suite's seed, so that a change is judged by what it changes and not by luck. */
const USUAL_SEED = 102_539_157;

/**
 * How random tests run: from a seed that the title of the test shows. `FC_SEED` names another; `FC_RUNS` multiplies the
 * number of runs, which is small in the suite.
 */
export const SEED = Number(process.env.FC_SEED ?? USUAL_SEED);
const FACTOR = Number(process.env.FC_RUNS ?? "1");

/** For the title of a test. */
export const SEEDED = `FC_SEED=${SEED}`;

/** Hostile values are long; a failure shows as much of them as helps. */
const MOST_SHOWN = 3_000;

/** @param runs - In the suite. A failure is shown as it was found: what ran before it cannot be undone for shrinking. */
export const randomly = <Values>(runs: number) => ({
  seed: SEED,
  numRuns: Math.ceil(runs * FACTOR),
  endOnFailure: true,
  reporter({ failed, counterexample, counterexamplePath, errorInstance }: RunDetails<Values>): void {
    if (!failed) return;
    const shown = fc.stringify(counterexample).slice(0, MOST_SHOWN);
    const reason = errorInstance instanceof Error ? errorInstance.message.slice(0, MOST_SHOWN) : "";
    throw new Error(`${SEEDED}, path ${counterexamplePath}, with ${shown}: ${reason}`, { cause: errorInstance });
  },
});

/** A time limit that grows with the number of runs. */
export const timeFor = (milliseconds: number): number => milliseconds * Math.max(1, FACTOR);
