import { expect, it } from "vitest";
import { compare } from "../foresight/compare.ts";

/** Another stretch of seeds on every day, so that a year of runs is a year of tenants; a failure names its seed. */
const SEED = Math.floor(Date.now() / 86_400_000) * 1_000;

it(`foresees exactly those whom the tenant's own evaluation locks out, in 40 random tenants from seed ${SEED}`, async () => {
  const { users, lockedOut, mismatches } = await compare({ tenants: 40, seed: SEED });
  expect(mismatches).toEqual([]);
  expect(users).toBeGreaterThan(300);
  expect(lockedOut).toBeGreaterThan(30);
}, 60_000);
