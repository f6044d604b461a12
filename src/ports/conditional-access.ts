import type { AccessRules } from "../domain/foresight/access-policy.ts";
import type { EntraObjectId } from "../domain/model/ids.ts";
import type { PolicyState } from "../domain/model/phase.ts";
import type { CaPolicy, LivePolicy } from "../domain/model/policy.ts";

interface Call {
  readonly signal: AbortSignal;
}

/** What-If of one account against every policy of the tenant, for a browser sign-in to Exchange Online. */
export interface WhatIf {
  /** Ids of the policies that would apply, enforced and report-only. */
  readonly appliedPolicyIds: readonly string[];
}

/** Conditional Access. There is no delete: a policy is disabled, never removed. Writes are one a second per tenant. */
export interface ConditionalAccessPort {
  readonly source: string;
  /** Every policy of the tenant, ours and others'. A read may lag a write by seconds. */
  listPolicies(call: Call): Promise<readonly LivePolicy[]>;
  /** Every policy of the tenant read for what it decides, and the places that policies name. */
  readAccessRules(call: Call): Promise<AccessRules>;
  /** `null`: no such policy (or too new to be read). */
  getPolicy(id: string, call: Call): Promise<LivePolicy | null>;
  /** Creates and returns the live policy. Not repeatable: use inside an effect. */
  createPolicy(policy: CaPolicy, call: Call): Promise<LivePolicy>;
  /** Changes the state alone. Repeatable. */
  setState(id: string, state: PolicyState, call: Call): Promise<void>;
  /** The policy as the vendor's API takes it, for the artifact that people review. Sends nothing. */
  asVendorJson(policy: CaPolicy): Readonly<Record<string, unknown>>;
  whatIf(account: EntraObjectId, call: Call): Promise<WhatIf>;
}
