import { type Death, Died, startDoomedServer } from "./doomed-server.ts";
import { followOnce } from "./follow.ts";
import type { Model, Real } from "./model.ts";
import { expectPromises } from "./promises.ts";

/**
 * The rollout goes on with a server that is killed when a vendor has the fatal request, whatever tool that belongs to; then
 * another starts on the same data directory.
 */
export async function crash(model: Model, real: Real, death: Death): Promise<void> {
  if (await isKilled(model, real, death)) {
    model.tally.happened("crash");
    for (const known of model.phases.values()) known.isCertain = false;
  }
  real.call = await real.office.connect();
}

async function isKilled(model: Model, real: Real, death: Death): Promise<boolean> {
  await using doomed = await startDoomedServer(real.office, death);
  try {
    for (let step = 0; step < death.within; step++) {
      if (await followOnce(model, { ...real, call: doomed.call })) return false;
      await expectPromises(real.office, model);
    }
    return false;
  } catch (error) {
    if (error instanceof Died) return true;
    throw error;
  }
}
