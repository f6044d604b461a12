import fc from "fast-check";
import { expect, it } from "vitest";
import { startHarness } from "../support/harness.ts";
import { happenings, rollBack, surely } from "../support/model/commands.ts";
import { followOnce } from "../support/model/follow.ts";
import { begin, type Model, type Real } from "../support/model/model.ts";
import { expectEndedExceptionsCovered, expectEverybodyTold, expectPromises } from "../support/model/promises.ts";
import { Tally } from "../support/model/tally.ts";
import { expectSomethingOfEach } from "../support/model/twice.ts";
import { randomly, SEEDED, timeFor } from "../support/random-runs.ts";

/** Happenings of one run before those that surely follow: enough to come far into a rollout. */
const LENGTH = { minLength: 10, maxLength: 18, size: "max" } as const;

const RUNS = 3;

/** More steps than a rollout of three departments takes, however it was disturbed. */
const MOST_STEPS = 400;

it(
  `a rollout keeps every promise whatever happens to it, and still comes to its end, ${SEEDED}`,
  async () => {
    const tally = new Tally();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(...happenings), LENGTH), async (happening) => {
        await using office = await startHarness({ employees: 60 });
        const { model, real } = await begin(office, tally);
        await fc.asyncModelRun(() => ({ model, real }), [...happening, ...surely]);
        await expectEnd(model, real);
        await fc.asyncModelRun(() => ({ model, real }), [rollBack]);
        await expectEnd(model, real);
        expectSomethingOfEach(await office.box.dump());
      }),
      randomly(RUNS),
    );
    expect(tally.missing(), `${tally}`).toEqual([]);
  },
  timeFor(600_000),
);

/** With people who do their part, doing what `next` says ends the rollout with every policy enforced and nobody forgotten. */
async function expectEnd(model: Model, real: Real): Promise<void> {
  const { office } = real;
  for (let step = 0; step < MOST_STEPS; step++) {
    if (await followOnce(model, real)) {
      const phases = [...model.phases.values()];
      expect(phases.map(({ policy }) => policy)).toEqual(Array(phases.length).fill("enforced"));
      for (const phase of phases) await expectEverybodyTold(office, model, phase);
      await expectEndedExceptionsCovered(office, model);
      return;
    }
    await expectPromises(office, model);
  }
  expect.unreachable("the rollout does not end");
}
