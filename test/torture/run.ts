import { Coverage, dice } from "./coverage.ts";
import { Lane } from "./lane-process.ts";
import { readTortureOptions, type TortureOptions } from "./options.ts";
import type { TrialResult } from "./trial.ts";

/**
 * So many times the deaths that the states left would take if each death hit one: some do not, for a death may keep a
 * later boundary from being passed, and what is left at the end is what is hard to hit.
 */
const RESERVE = 3;
/** When every boundary was hit, the rest of the runs go on with as many. */
const LEAST_DEATHS = 5;
/** Whoever asks for so many runs asks for every boundary. */
const ENOUGH_RUNS = 500;
/** Rollouts without a crash, to know what there is: what all of them pass is there, and no vendor's slow moment. */
const CALM_RUNS = 4;
/** How many boundaries that were not hit are named. */
const NAMED = 10;

process.exitCode = await torture(readTortureOptions(process.argv.slice(2)));

/** `npm run torture`: whole rollouts whose server is killed at every boundary that matters. Exit code 0 when every promise was kept. */
async function torture(options: TortureOptions): Promise<number> {
  const { seed, company, without, hosts } = options;
  const story = { seed, company };
  using end = new DisposableStack();
  const laneOf = async (protections: string | null): Promise<Lane> => {
    const lane = new Lane(options.speed, protections);
    end.defer(() => lane.close());
    await lane.run({ ...story, hosts: [[]] }); // which makes its servers warm
    return lane;
  };
  const first = await laneOf(hosts === null ? null : without);
  if (hosts !== null) {
    const result = await first.run({ ...story, hosts });
    if (result.broken.length === 0) say("0 doubles, 0 skips, 0 chain errors.");
    return verdict(result);
  }

  const calm = [];
  const wanted = options.runs >= ENOUGH_RUNS ? CALM_RUNS : 1;
  while (calm.length < wanted) calm.push(await first.run({ ...story, hosts: [[]] }));
  const coverage = new Coverage(calm.map(({ hosts: [host] }) => host?.passed ?? []));
  say(`A rollout at ${company} passes ${coverage.describe()}.`);
  if (calm.some((result) => verdict(result) !== 0)) return 1;

  const others = Array.from({ length: options.lanes - (without === null ? 1 : 0) }, () => laneOf(without));
  const lanes = [...(without === null ? [first] : []), ...(await Promise.all(others))];
  return await campaign(options, { lanes, coverage });
}

/** Run after run, in every lane, until the last one or the first that breaks a promise. */
async function campaign(
  options: TortureOptions,
  { lanes, coverage }: { lanes: readonly Lane[]; coverage: Coverage },
): Promise<number> {
  const began = Date.now();
  const { runs, seed, company } = options;
  let [begun, done, deaths, failed] = [0, 0, 0, 0];
  const work = async (lane: Lane): Promise<void> => {
    while (begun < runs && failed === 0) {
      const number = ++begun;
      const throwDice = dice(seed * 100_003 + number);
      // Of the runs that are left only those with one host tell where it died in the rollout.
      const telling = (runs - number + 1) * (1 - 1 / options.twoHostsEvery) || 1;
      const needed = Math.ceil((coverage.left / telling) * RESERVE);
      const kills = Math.min(options.kills, Math.max(needed, LEAST_DEATHS));
      // Each of two hosts does a part of the steps only, so most of what it is to die at it never passes.
      const isShared = number % options.twoHostsEvery === 0;
      const choice = () => coverage.choose(isShared ? options.kills : kills, throwDice);
      const hosts = isShared ? [choice(), choice()] : [choice()];
      const result = await lane.run({ seed, company, hosts });
      done += 1;
      const died = result.hosts.map((host) => host.died);
      deaths += died.flat().length;
      // Of two hosts each passes a part only, so their counts are no places in the rollout.
      if (hosts.length === 1) result.hosts.forEach((host) => void coverage.learn(host));
      say(
        `run ${number} of ${runs}: ${result.seconds} s, ${died.map((places) => places.length).join(" + ")} deaths; ${coverage}`,
      );
      if (verdict(result) === 0) continue;
      failed += 1;
      say(`Reproduce: npm run torture -- --seed ${seed} --company ${company} --hosts '${JSON.stringify(died)}'`);
    }
  };
  await Promise.all(lanes.map(work));
  const seconds = (Date.now() - began) / 1_000;
  say(
    `${done} runs in ${Math.round(seconds)} s (${(done / seconds).toFixed(3)} a second), ${deaths} deaths, seed ${seed}; ${coverage}.`,
  );
  const { missed } = coverage;
  if (missed.length > 0) say(`Not hit yet: ${missed.slice(0, NAMED).join("; ")}`);
  if (failed > 0) return 1;
  say("0 doubles, 0 skips, 0 chain errors.");
  const isWanting = runs >= ENOUGH_RUNS && missed.length > 0;
  if (isWanting) say(`✗ ${missed.length} boundaries were not hit in ${runs} runs.`);
  return isWanting ? 1 : 0;
}

/** Says what was broken; 1 when anything was. */
function verdict({ broken, kept }: TrialResult): number {
  for (const line of broken) say(`✗ ${line}`);
  if (kept !== null) say(`What is left of it: ${kept}`);
  return broken.length === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
