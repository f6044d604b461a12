import { parseArgs } from "node:util";

export interface DemoOptions {
  /** Slug of the company whose rollout is shown. */
  readonly company: string;
  readonly seed: number;
  /** Share of vendor calls that fail, 0 to 1. */
  readonly faults: number;
  /** Directory that the results go to; emptied first. */
  readonly output: string;
}

/** @throws {RangeError} an option has no usable value. */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      company: { type: "string", default: "larkfield" },
      seed: { type: "string", default: "1" },
      faults: { type: "string", default: "0" },
      output: { type: "string", default: "demo-output" },
    },
  });
  const [seed, faults] = [Number(values.seed), Number(values.faults)];
  if (!Number.isSafeInteger(seed)) throw new RangeError("--seed must be a whole number");
  if (!(faults >= 0 && faults <= 0.5)) throw new RangeError("--faults must be from 0 to 0.5");
  return { company: values.company, seed, faults, output: values.output };
}
