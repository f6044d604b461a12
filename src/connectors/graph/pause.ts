import { setTimeout } from "node:timers/promises";
import { CancelledError } from "../../errors.ts";

/**
 * Waits in real time.
 *
 * @throws {CancelledError} `signal` was aborted before or meanwhile.
 */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal });
  } catch (cause) {
    throw cancelled(cause);
  }
}

/** What a call throws once its caller gave it up. */
export const cancelled = (cause: unknown): CancelledError =>
  new CancelledError("The call was cancelled.", { nextStep: "Call again when it is wanted.", cause });
