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
 * Runs both in turn, so that whatever else the machine does hits both alike, and takes each one's median. The first
 * round is for warming up and not counted.
 * @returns milliseconds.
 */
export async function sideBySide(rounds: number, work: { readonly ours: Work; readonly floor: Work }) {
  const times: { readonly ours: number[]; readonly floor: number[] } = { ours: [], floor: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const side of ["floor", "ours"] as const) {
      const taken = await timed(work[side]);
      if (round > 0) times[side].push(taken);
    }
  }
  return { ours: median(times.ours), floor: median(times.floor) };
}

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
