import type { EntraObjectId } from "../domain/model/ids.ts";
import type { Instant } from "../domain/model/time.ts";
import type { TenantChange, TenantSurvey } from "../domain/pitfalls/facts.ts";

/** A look at whatever in the tenant can stand in the way of enforcement. Reads only. */
export interface TenantSurveyPort {
  readonly source: string;
  /**
   * Reads everything anew, in pages, without a call for each user.
   * @param ask.groups - Groups to look at beside those that policies name.
   * @param ask.accounts - Accounts nobody should sign in with: whether somebody has. `null`: the caller knows the
   * sign-ins, so the log is not asked, and both answers from it are empty.
   * @param ask.since - From when on sign-ins are asked for.
   */
  survey(ask: {
    readonly groups: readonly EntraObjectId[];
    readonly accounts: readonly EntraObjectId[] | null;
    readonly since: Instant;
    readonly signal: AbortSignal;
  }): Promise<TenantSurvey>;
  /**
   * Who changed policies, or put accounts into groups and out of them, since then: others than our own app, oldest first,
   * one entry for each thing changed. The log lags by minutes and is rationed, so it is asked when something shows a change,
   * and an answer without an entry proves nothing.
   */
  changes(ask: {
    readonly of: "policies" | "groups";
    readonly since: Instant;
    readonly signal: AbortSignal;
  }): Promise<readonly TenantChange[]>;
}
