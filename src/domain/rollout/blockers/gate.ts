import type { Roster } from "../../exceptions/scope.ts";
import type { Customer } from "../../model/customer.ts";
import type { EntraObjectId, PhaseId, UserId } from "../../model/ids.ts";
import type { User } from "../../model/people.ts";
import type { CaPolicy, LivePolicy } from "../../model/policy.ts";
import type { ProcedureSettings } from "../../model/procedure.ts";
import type { CalendarDate, Instant } from "../../model/time.ts";
import type { RolloutState } from "../state.ts";

/** One reason why an action must not happen now. */
export interface Blocker {
  /** Stable, for programs: `signoff_missing`. */
  readonly code: string;
  /** What stands in the way and what ends it, with counts and without names. */
  readonly message: string;
  /** Who can end it: the customer, the technician, or time alone. */
  readonly who: "customer" | "technician" | "wait";
  /** The first few ids or facts behind the message. */
  readonly evidence: readonly string[];
  /** For `wait`: when it ends, as far as that is known. */
  readonly until: Instant | null;
}

/** What a gate is asked about. A roll-back is never held up: it only gives access back. */
export type GatedAction =
  | { readonly kind: "mail" }
  | { readonly kind: "policy"; readonly phase: PhaseId; readonly to: "report_only" | "enforced" | "roll_back" };

/** A policy of the rollout as it stands beside what was approved. */
export interface PolicyLook {
  /** `null`: none can be read. */
  readonly live: LivePolicy | null;
  /** The approved draft with its groups' ids filled in; `null`: a group is missing. */
  readonly wanted: CaPolicy | null;
}

/** What has to be looked up in the tenant, all of it at about the same time. */
export interface EnforcementFacts extends PolicyLook {
  /** The rollout's other policies, of phases and in place of security defaults. */
  readonly others: ReadonlyMap<PhaseId, PolicyLook>;
  readonly securityDefaultsEnabled: boolean;
  readonly hasEntraPremium: boolean;
  /** The configured emergency access accounts that the tenant has. */
  readonly emergency: readonly EntraObjectId[];
  /** Members as they stand. `phase` is `null` for the closing policy, which has no group. */
  readonly members: {
    readonly phase: ReadonlySet<EntraObjectId> | null;
    readonly exceptions: ReadonlySet<EntraObjectId>;
    readonly emergency: ReadonlySet<EntraObjectId>;
  };
}

/** Everything gates judge by. Without `facts` the gates that need a look at the tenant are left out. */
export interface GateQuestion {
  readonly state: RolloutState;
  /** `null` before the first canonical list. */
  readonly roster: Roster | null;
  readonly action: GatedAction;
  readonly facts: EnforcementFacts | null;
  readonly settings: ProcedureSettings;
  readonly customer: Customer;
  readonly now: Instant;
  /** The day it is at `now` in the customer's time zone. */
  readonly today: CalendarDate;
}

/** The question as a gate of `apply_ca_policy` sees it. */
export interface PolicyQuestion extends GateQuestion {
  readonly phase: PhaseId;
  /** Users in scope who belong to the phase. */
  readonly members: readonly User[];
}

/** A gate of `apply_ca_policy`, asked with the look at the tenant that it needs. */
export type LiveGate = (question: PolicyQuestion, facts: EnforcementFacts) => Blocker | null;
export type PolicyGate = (question: PolicyQuestion) => Blocker | null;
export type Gate = (question: GateQuestion) => Blocker | null;

export const FEWEST_EMERGENCY_ACCOUNTS = 2;
const EVIDENCE_SHOWN = 5;

/** Short enough for an answer to a model; the message has the whole count. */
export const firstFew = (ids: Iterable<string>): readonly string[] => [...ids].slice(0, EVIDENCE_SHOWN);

export const technician = (code: string, message: string, evidence: readonly string[] = []): Blocker => ({
  code,
  message,
  who: "technician",
  evidence,
  until: null,
});

export const customer = (code: string, message: string, evidence: readonly string[] = []): Blocker => ({
  code,
  message,
  who: "customer",
  evidence,
  until: null,
});

export const wait = (code: string, message: string, until: Instant | null): Blocker => ({
  code,
  message,
  who: "wait",
  evidence: [],
  until,
});

/** "1 user", "3 users". */
export const countOf = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

export const notCapable = (users: readonly User[]): readonly UserId[] =>
  users.filter(({ registration }) => registration?.capable !== true).map(({ id }) => id);
