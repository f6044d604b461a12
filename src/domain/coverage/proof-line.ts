import type { NamedBy } from "../foresight/applies.ts";
import type { ExceptionKind } from "../model/exception.ts";
import type { EntraObjectId, PhaseId, Sha256, UserId } from "../model/ids.ts";
import type { Account } from "../model/people.ts";
import type { PolicyState } from "../model/phase.ts";
import type { CalendarDate } from "../model/time.ts";

/**
 * Where an account stands. `enforced`: an enabled policy demands MFA of it everywhere and nothing carves it out.
 * `excepted`: not enforced, with a signed exception in force. `report_only`: measured, not protected. `not_covered`:
 * neither. `cannot_sign_in`: disabled. There is no "unknown".
 */
export const COVERAGE_STATES = ["enforced", "excepted", "report_only", "not_covered", "cannot_sign_in"] as const;
export type CoverageState = (typeof COVERAGE_STATES)[number];

/** Why an account is not covered, worst first. The first four are left out by a policy that would cover them. */
export const GAPS = [
  "carved_out",
  /** Its exception has ended; it was told a date that is still to come, and is left out until then. */
  "under_notice",
  "exception_expired",
  "exception_not_signed",
  /** It depends on which tenant a guest is from, which the directory does not say. */
  "cannot_be_told",
  /** Policies demand MFA of it in some places, applications or clients only. */
  "conditional",
  "policy_disabled",
  "no_policy",
] as const;
export type Gap = (typeof GAPS)[number];

/**
 * One account of the tenant in the closing proof, flat, so that lines can be counted with whatever searches text. The
 * parts about a policy are `null` together: it is the one behind `enforced` and `report_only`, the one that leaves out,
 * is conditional or disabled, and for a disabled account the one that would be in force. The parts about an exception
 * are `null` together: they are on record for the account, whether they count or not.
 */
export interface ProofLine {
  readonly objectId: EntraObjectId;
  readonly upn: string;
  readonly kind: Account["kind"];
  readonly department: string | null;
  readonly state: CoverageState;
  /** `null` for every other state than `not_covered`. */
  readonly gap: Gap | null;
  readonly policyId: string | null;
  readonly policyName: string | null;
  readonly policyState: PolicyState | null;
  /** By which part of its users the policy means the account, or leaves it out. */
  readonly by: NamedBy["part"] | null;
  /** The group's or the role's id. */
  readonly through: string | null;
  /** Whether the account is in that group by another group only. */
  readonly nested: boolean | null;
  /** The user's row of the exceptions table. */
  readonly exception: UserId | null;
  readonly exceptionKind: ExceptionKind | null;
  readonly owner: string | null;
  readonly expires: CalendarDate | null;
  /** Hash of the signed table; `null`: not signed off as it stands. */
  readonly signoff: Sha256 | null;
  /** Of the users in scope and the excepted ones; `null`: of no phase. */
  readonly phase: PhaseId | null;
  /** False: newer than the list of users. */
  readonly listed: boolean;
  /** As the registration report says; an account without a row there is neither registered nor capable. */
  readonly reported: boolean;
  readonly registered: boolean;
  readonly capable: boolean;
  readonly methods: readonly string[];
  /** The same in one sentence. */
  readonly why: string;
}
