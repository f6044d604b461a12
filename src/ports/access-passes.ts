import type { EntraObjectId } from "../domain/model/ids.ts";
import type { PassCode } from "../domain/model/pass-code.ts";
import type { Instant } from "../domain/model/time.ts";

interface Call {
  readonly signal: AbortSignal;
}

/** What the tenant allows of passes. */
export interface PassPolicy {
  readonly enabled: boolean;
  readonly minimumMinutes: number;
  readonly maximumMinutes: number;
  /** Groups whose members may sign in with one; `null`: everybody may. */
  readonly groups: readonly string[] | null;
  /** Groups whose members may not. */
  readonly excludedGroups: readonly string[];
}

/** A pass that an account has, without its passcode, which nobody can read again. */
export interface AccessPass {
  readonly id: string;
  readonly startsAt: Instant;
  /** Expired or used up: it opens nothing any more. */
  readonly over: boolean;
}

/** Temporary Access Passes: one an account, told once. */
export interface AccessPassPort {
  readonly source: string;
  readPolicy(call: Call): Promise<PassPolicy>;
  /** Whether the account holds a role of the directory now, given to it directly. */
  holdsRole(objectId: EntraObjectId, call: Call): Promise<boolean>;
  /** One made a moment ago may not show yet. */
  listPasses(objectId: EntraObjectId, call: Call): Promise<readonly AccessPass[]>;
  /** Makes a pass that can be used once. Not repeatable: use inside an effect. `startsAt` has whole seconds. */
  issuePass(
    pass: { readonly objectId: EntraObjectId; readonly startsAt: Instant; readonly minutes: number },
    call: Call,
  ): Promise<{ readonly id: string; readonly code: PassCode }>;
  /** One that is gone already is success. Repeatable. */
  deletePass(objectId: EntraObjectId, id: string, call: Call): Promise<void>;
}
