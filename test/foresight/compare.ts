import { type Played, randomTenant } from "./play.ts";
import { answeringFor } from "./still-tenant.ts";

/** Tenants under way at once: each waits a second between its questions to Conditional Access, as the product must. */
const AT_ONCE = 500;

/** What a run over many random tenants found. */
export interface Comparison {
  readonly tenants: number;
  readonly users: number;
  readonly lockedOut: number;
  /** Of those foreseen, the share that was locked out; 1 when nobody was foreseen. */
  readonly precision: number;
  /** Of those locked out, the share that was foreseen; 1 when nobody was. */
  readonly recall: number;
  /** Seeds of tenants where a set differs or a cross-check contradicts, in order, with who. */
  readonly mismatches: readonly { readonly seed: number; readonly what: string }[];
}

/**
 * Plays tenants of the seeds from `seed` on.
 * @throws {Error} a tenant could not be played; its seed is named.
 */
export async function compare(run: {
  readonly tenants: number;
  readonly seed: number;
  readonly onProgress?: (done: number) => void;
}): Promise<Comparison> {
  const results: { readonly seed: number; readonly played: Played }[] = [];
  for (let first = 0; first < run.tenants; first += AT_ONCE) {
    const seeds = Array.from({ length: Math.min(AT_ONCE, run.tenants - first) }, (_, n) => run.seed + first + n);
    results.push(...(await playTogether(seeds)));
    run.onProgress?.(results.length);
  }
  const sum = (count: (played: Played) => number): number =>
    results.reduce((total, { played }) => total + count(played), 0);
  const hits = sum(({ foreseen, lockedOut }) => lockedOut.intersection(foreseen).size);
  const foreseen = sum((played) => played.foreseen.size);
  const lockedOut = sum((played) => played.lockedOut.size);
  return {
    tenants: results.length,
    users: sum((played) => played.users),
    lockedOut,
    precision: foreseen === 0 ? 1 : hits / foreseen,
    recall: lockedOut === 0 ? 1 : hits / lockedOut,
    mismatches: results.flatMap(({ seed, played }) => mismatchesOf(played).map((what) => ({ seed, what }))),
  };
}

async function playTogether(seeds: readonly number[]) {
  const tenants = seeds.map((seed) => ({ seed, ...randomTenant(seed) }));
  using _ = answeringFor(new Map(tenants.map(({ tenant }) => [tenant.token, tenant])));
  return await Promise.all(
    tenants.map(async ({ seed, play }) => {
      try {
        return { seed, played: await play() };
      } catch (cause) {
        throw new Error(`the tenant of seed ${seed} could not be played`, { cause });
      }
    }),
  );
}

const mismatchesOf = ({ foreseen, lockedOut, disputes }: Played): readonly string[] => [
  ...[...lockedOut.difference(foreseen)].map((id) => `${id} was locked out and not foreseen`),
  ...[...foreseen.difference(lockedOut)].map((id) => `${id} was foreseen and not locked out`),
  ...disputes.map((dispute) => `cross-check disagrees: ${dispute}`),
];
