import type { Instant } from "../domain/model/time.ts";

/** The time that dates and windows are judged by. Short technical pauses (retry, pacing) are real time, not this. */
export interface Clock {
  now(): Promise<Instant>;
}
