import type { Instant } from "../domain/model/time.ts";

/** What a look at a customer's system shows. `unknown`: it shows only when something is changed, or not to us. */
export type Finding =
  | { readonly state: "good" | "unknown"; readonly text: string }
  | { readonly state: "wrong"; readonly text: string; readonly mend: string };

export interface CheckCall {
  readonly now: Instant;
  readonly signal: AbortSignal;
}

/**
 * One look, which changes nothing at the vendor. What hinders the look itself is thrown as every connector throws it;
 * checks run side by side, and what several of them run into is said once.
 */
export type Check = (call: CheckCall) => Promise<readonly Finding[]>;

/** A system that can be looked over before anything depends on it. */
export interface Checked {
  /** What was looked at, for people: system and place. */
  readonly source: string;
  checks(): readonly Check[];
}
