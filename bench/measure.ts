/** One line of the table: what something of ours costs beside a floor or peer measured in the same run. */
export interface Row {
  readonly what: string;
  readonly ours: number;
  readonly floor: number;
  readonly floorName: string;
  readonly unit: "ms" | "µs" | "bytes";
}

type Work = () => unknown;

/**
 * Runs all in turn, so that whatever else the machine does hits all alike, and takes each one's median. The first round is
 * for warming up and not counted.
 * @returns milliseconds.
 */
export async function inTurns<Name extends string>(
  rounds: number,
  works: Readonly<Record<Name, Work>>,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(works) as Name[]; // the record's own keys
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const taken = await timed(works[name]);
      if (round > 0) times.get(name)?.push(taken);
    }
  }
  const medians = names.map((name) => [name, median(times.get(name) ?? [])]);
  return Object.fromEntries(medians) as Readonly<Record<Name, number>>; // one for each name
}

/** What is ours and its floor, in turn. @returns milliseconds. */
export const sideBySide = (rounds: number, { ours, floor }: { readonly ours: Work; readonly floor: Work }) =>
  inTurns(rounds, { floor, ours });

async function timed(work: Work): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds as microseconds, for what takes less than one. */
export const inMicroseconds = ({ ours, floor }: { readonly ours: number; readonly floor: number }) => ({
  ours: ours * 1000,
  floor: floor * 1000,
  unit: "µs" as const,
});
