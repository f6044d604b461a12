import { Coverage, dice, some } from "./coverage.ts";
import { Lane } from "./lane-process.ts";
import { readTortureOptions, type TortureOptions } from "./options.ts";
import type { TrialResult } from "./trial.ts";

/** More deaths a run than boundaries are left, because a death may keep a later boundary from being passed. */
const RESERVE = 1.5;
/** When every boundary was hit, the rest of the runs go on with as many. */
const LEAST_DEATHS = 5;

process.exitCode = await torture(readTortureOptions(process.argv.slice(2)));

/** `npm run torture`: whole rollouts whose server is killed at every boundary that matters. Exit code 0 when every promise was kept. */
async function torture(options: TortureOptions): Promise<number> {
  const began = Date.now();
  const { runs, seed, employees, without } = options;
  const whole = { company: seed, employees, without };
  const lanes = Array.from({ length: options.lanes }, () => new Lane(options.speed));
  using end = new DisposableStack();
  for (const lane of lanes) end.defer(() => lane.close());
  const [first] = lanes;
  if (first === undefined) throw new RangeError("a rollout needs a lane");

  if (options.hosts !== null) return verdict(await first.run({ ...whole, hosts: options.hosts }));
  const calm = await first.run({ ...whole, hosts: [[]], without: null });
  const coverage = new Coverage(calm.hosts[0]?.passed ?? []);
  say(
    `A rollout for ${employees} employees passes ${coverage.total} boundaries of ${coverage.kinds} kinds; ${calm.seconds} s without a crash.`,
  );
  if (calm.broken.length > 0) return verdict(calm);

  let begun = 0;
  let done = 0;
  let deaths = 0;
  let failed = 0;
  const work = async (lane: Lane): Promise<void> => {
    while (begun < runs && failed === 0) {
      const number = ++begun;
      const throwDice = dice(seed * 100_003 + number);
      const wanted = Math.ceil((coverage.left.length / (runs - number + 1)) * RESERVE);
      const kills = Math.min(options.kills, Math.max(wanted, LEAST_DEATHS));
      const choice = (): readonly string[] =>
        some(coverage.left.length > 0 ? coverage.left : [...(calm.hosts[0]?.passed ?? [])], kills, throwDice);
      const isDouble = number % options.twoHostsEvery === 0;
      const trial = { ...whole, hosts: isDouble ? [choice(), choice()] : [choice()] };
      const result = await lane.run(trial);
      done += 1;
      deaths += result.hosts.reduce((sum, { died }) => sum + died.length, 0);
      if (!isDouble && result.hosts[0] !== undefined) coverage.learn(result.hosts[0]);
      const rate = (done / ((Date.now() - began) / 1000)).toFixed(3);
      say(
        `run ${number}: ${result.seconds} s, ${result.hosts.map(({ died }) => died.length).join(" + ")} deaths; ${coverage.hit} of ${coverage.total} boundaries; ${done} of ${runs} runs, ${rate} a second`,
      );
      if (result.broken.length === 0) continue;
      failed += 1;
      verdict(result);
      const died = JSON.stringify(result.hosts.map(({ died }) => died));
      say(`Reproduce: npm run torture -- --seed ${seed} --employees ${employees} --hosts '${died}'`);
    }
  };
  await Promise.all(lanes.map(work));
  const share = ((100 * coverage.hit) / coverage.total).toFixed(1);
  say(
    `${done} runs, ${deaths} deaths, ${coverage.hit} of ${coverage.total} boundaries (${share} %), of ${coverage.kinds} kinds, seed ${seed}, ${Math.round((Date.now() - began) / 1000)} s.`,
  );
  if (failed === 0) say("0 doubles, 0 skips, 0 chain errors.");
  return failed === 0 ? 0 : 1;
}

function verdict({ broken }: TrialResult): number {
  for (const line of broken) say(`✗ ${line}`);
  if (broken.length === 0) say("Every promise was kept.");
  return broken.length === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
