import { z } from "zod";
import { type Instant, instant } from "../domain/model/time.ts";
import { ConfigurationError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";

const ANSWER_MS = 5_000;
const Answer = z.object({ now: z.iso.datetime() });

/** The computer's own clock. */
export const systemClock: Clock = { now: async () => instant(Date.now()) };

/** A clock that another process keeps, such as the sandbox's. @throws {ConfigurationError} it does not answer. */
const urlClock = (url: string): Clock => ({
  async now(): Promise<Instant> {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
      return instant(Answer.parse(await response.json()).now);
    } catch (cause) {
      throw new ConfigurationError("The configured clock does not answer with the time.", {
        nextStep: "Check MFA_ROLLOUT_CLOCK_URL, or unset it to use the system's clock.",
        cause,
      });
    }
  },
});

/** The clock that the settings name. @param settings.clockUrl - `null`: the computer's own. */
export const clockOf = ({ clockUrl }: { readonly clockUrl: string | null }): Clock =>
  clockUrl === null ? systemClock : urlClock(clockUrl);
