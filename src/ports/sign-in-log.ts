import type { SignIn } from "../domain/model/signin.ts";
import type { Instant } from "../domain/model/time.ts";

/** Entra's sign-in log. Entries appear minutes after the sign-in, so read with an overlap and drop known ids. */
export interface SignInLogPort {
  readonly source: string;
  /**
   * Yields every sign-in of users in [from, to), interactive first, then non-interactive, each id once.
   * Throws ConnectorPermissionError when Graph hid the policy results (missing Policy.Read.All), because a silently
   * empty result would read as "nobody affected".
   */
  listSignIns(options: { from: Instant; to: Instant; signal: AbortSignal }): AsyncIterable<SignIn>;
}
