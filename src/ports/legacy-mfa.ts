import type { EntraObjectId } from "../domain/model/ids.ts";
import type { PerUserMfa } from "../domain/model/protection.ts";

interface Call {
  readonly signal: AbortSignal;
}

/** What asks for MFA in a tenant beside Conditional Access: security defaults, and the switch on single accounts. */
export interface LegacyMfaPort {
  readonly source: string;
  areSecurityDefaultsOn(call: Call): Promise<boolean>;
  /** Repeatable. They cannot be turned on again while a policy is enforced. */
  turnOffSecurityDefaults(call: Call): Promise<void>;
  /** Asked in batches; an account that is gone has no entry. */
  perUserMfa(accounts: readonly EntraObjectId[], call: Call): Promise<ReadonlyMap<EntraObjectId, PerUserMfa>>;
  /** Turns it off for these accounts, in batches; one that is gone is skipped. Repeatable. */
  endPerUserMfa(accounts: readonly EntraObjectId[], call: Call): Promise<void>;
}
