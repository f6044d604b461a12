import { parseArgs } from "node:util";

export interface TortureOptions {
  readonly runs: number;
  readonly seed: number;
  /** Most deaths in a run. Many short lives cost more than they find; too few do not reach every boundary in the runs. */
  readonly kills: number;
  /** Every so many-th run has two hosts, with a server each on the same data directory. */
  readonly twoHostsEvery: number;
  /** One of the sandbox's companies; the smallest has everything that the others have, with fewer people. */
  readonly company: string;
  /** Rollouts at once. */
  readonly lanes: number;
  /** How many times as fast as real time. */
  readonly speed: number;
  readonly without: string | null;
  /** Where the servers of the only run die, as a failed run printed it. */
  readonly hosts: readonly (readonly string[])[] | null;
}

/** @throws {RangeError} an option has no usable value. */
export function readTortureOptions(args: readonly string[]): TortureOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string", default: "10" },
      seed: { type: "string", default: "1" },
      kills: { type: "string", default: "25" },
      "two-hosts-every": { type: "string", default: "5" },
      company: { type: "string", default: "larkfield-shop" },
      lanes: { type: "string", default: "2" },
      speed: { type: "string", default: "50" },
      without: { type: "string" },
      hosts: { type: "string" },
    },
  });
  const number = (name: Exclude<keyof typeof values, "without" | "hosts" | "company">, least: number): number => {
    const value = Number(values[name]);
    if (!(value >= least)) throw new RangeError(`--${name} must be a number from ${least} on`);
    return value;
  };
  return {
    runs: number("runs", 1),
    seed: number("seed", 0),
    kills: number("kills", 0),
    twoHostsEvery: number("two-hosts-every", 1),
    company: values.company,
    lanes: number("lanes", 1),
    speed: number("speed", 1),
    without: values.without ?? null,
    hosts: values.hosts === undefined ? null : JSON.parse(values.hosts),
  };
}
