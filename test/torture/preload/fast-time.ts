/**
 * Preloaded with `node --import`: lets a process live faster. Its monotonic clock runs `TORTURE_SPEED` times as fast and
 * its timers end as much sooner, so that pauses, pacing, and in the sandbox the lags and the windows of throttling,
 * keep their proportions. The calendar (`Date`) stays: files carry it. Timers of minutes are no pauses but limits; a slow
 * machine needs them as they are.
 */
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import promised from "node:timers/promises";
import { wrap } from "./wrap.ts";

const speed = Number(process.env.TORTURE_SPEED ?? 1);

/** The longest pause that anything in a rollout makes. */
const LONGEST_PAUSE_MS = 120_000;

const sooner = (position: number) => (call: () => unknown, args: unknown[]) => {
  const ms = args[position];
  if (typeof ms === "number" && ms <= LONGEST_PAUSE_MS) args[position] = ms / speed;
  return call();
};

for (const home of [globalThis, timers]) for (const name of ["setTimeout", "setInterval"]) wrap(home, name, sooner(1));
wrap(promised, "setTimeout", sooner(0));
wrap(performance, "now", (call) => Number(call()) * speed);
wrap(process.hrtime, "bigint", (call) => BigInt(Math.round(Number(call()) * speed)));
syncBuiltinESMExports();

/** The world's clock is asked again after this much real time: it answers a thousand times a rollout. */
const CLOCK_KEPT_MS = 5;
let clock = { askedAt: 0, answer: "" };
wrap(globalThis, "fetch", async (call, [url]) => {
  if (String(url) !== process.env.MFA_ROLLOUT_CLOCK_URL) return call();
  if (Date.now() - clock.askedAt > CLOCK_KEPT_MS) {
    const response = await call();
    if (!(response instanceof Response) || !response.ok) return response;
    clock = { askedAt: Date.now(), answer: await response.text() };
  }
  return new Response(clock.answer);
});
