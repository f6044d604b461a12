import fc from "fast-check";
import { expect, it } from "vitest";
import { startHarness } from "../support/harness.ts";
import { followOnce, happenings } from "../support/model/commands.ts";
import { begin, type Model, type Real } from "../support/model/model.ts";
import { expectPromises } from "../support/model/promises.ts";
import { randomly, SEEDED, timeFor } from "../support/random-runs.ts";

/** Happenings of one run: enough to come from the start to the enforcement of some phase. */
const LENGTH = { minLength: 25, maxLength: 40, size: "max" } as const;

/** More steps than a rollout of three departments takes, however it was disturbed. */
const MOST_STEPS = 400;

it(
  `a rollout keeps every promise whatever happens to it, and still comes to its end, ${SEEDED}`,
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(...happenings), LENGTH), async (happening) => {
        await using office = await startHarness({ employees: 60 });
        const { model, real } = await begin(office);
        await fc.asyncModelRun(() => ({ model, real }), happening);
        await expectEnd(model, real);
      }),
      randomly(1),
    );
  },
  timeFor(400_000),
);

/** With people who do their part, doing what `next` says ends the rollout with every policy enforced. */
async function expectEnd(model: Model, real: Real): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step++) {
    if (await followOnce(model, real)) {
      expect([...model.phases.values()].map(({ policy }) => policy)).toEqual(Array(model.phases.size).fill("enforced"));
      return;
    }
    await expectPromises(real.office, model);
  }
  expect.unreachable("the rollout does not end");
}
