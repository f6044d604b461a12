import fc from "fast-check";
import { expect, it } from "vitest";
import { startHarness } from "../support/harness.ts";
import { followOnce, happenings } from "../support/model/commands.ts";
import { begin } from "../support/model/model.ts";
import { expectPromises } from "../support/model/promises.ts";
import { randomly, SEEDED, timeFor } from "../support/random-runs.ts";

/** Happenings of one run: enough to come from the start to the enforcement of some phase. */
const LENGTH = { minLength: 25, maxLength: 40, size: "max" } as const;

/** More steps than a rollout of three departments takes, however it was disturbed. */
const MOST_STEPS = 400;

it(
  `a rollout keeps every promise whatever happens to it, ${SEEDED}`,
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(...happenings), LENGTH), async (commands) => {
        await using office = await startHarness({ employees: 60 });
        const made = await begin(office);
        await fc.asyncModelRun(() => made, commands);
      }),
      randomly(4),
    );
  },
  timeFor(240_000),
);

it("a rollout that only follows next ends, at the small company", { timeout: 240_000 }, async () => {
  await using office = await startHarness({ employees: 60 });
  const { model, real } = await begin(office);
  for (let step = 0; step < MOST_STEPS; step++) {
    if (await followOnce(model, real)) return;
    await expectPromises(office, model);
  }
  expect.unreachable("the rollout does not end");
});
