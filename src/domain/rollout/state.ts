import type { Unproven } from "../coverage/unproven.ts";
import type { Block } from "../model/block.ts";
import type { EffectRecord, MailKind } from "../model/effect.ts";
import type { ExceptionKind } from "../model/exception.ts";
import type { Foresight } from "../model/foresight.ts";
import type { PhaseId, Sha256, UserId } from "../model/ids.ts";
import type { JoinFindingKind } from "../model/people.ts";
import type { Phase, PolicyState } from "../model/phase.ts";
import type { Approval, PlanRecord } from "../model/plan.ts";
import type { LintFinding } from "../model/policy.ts";
import type { Finding } from "../model/signin.ts";
import type { CalendarDate, Instant } from "../model/time.ts";
import type { Pitfall } from "../pitfalls/pitfall.ts";
import type { ListCounts, PhaseObservation, SourceNote } from "./events.ts";

/** A mail that went out, as far as rules ask. */
export interface SentMail {
  readonly phase: PhaseId;
  readonly at: Instant;
  readonly managerCopied: boolean;
  /** The enforcement date that it named, where that was kept; else the phase's. */
  readonly date?: CalendarDate;
}

/** The people as a plan knew them. */
export interface PlannedFrom {
  readonly list: Sha256;
  /** `null`: no exceptions were classified yet. */
  readonly register: Sha256 | null;
  readonly at: Instant;
}

export interface LivePolicyRecord {
  readonly policyId: string;
  readonly draft: Sha256;
  readonly state: PolicyState;
  /** When it took this state. */
  readonly since: Instant;
  /** When it first was report-only. */
  readonly reportOnlySince: Instant;
  /** Whom whoever signed its last enforcement accepted to be locked out, by name; absent before the first. */
  readonly accepted?: readonly UserId[];
}

export interface FindingRecord extends Finding {
  readonly status: "open" | "remediated" | "carved_out" | "accepted";
  readonly resolvedBy: string | null;
  readonly resolvedAt: Instant | null;
  readonly why: string | null;
}

/** A user whom an enforced policy kept out, through all looks since. */
export interface BlockRecord extends Block {
  /** `blk_<12 hex>` of user and phase. */
  readonly id: string;
  /** When the sign-ins showed the user getting in again. */
  readonly recoveredAt: Instant | null;
  /** What a person decided, until the user is kept out again. */
  readonly decision: {
    readonly resolution: "remediated" | "carved_out" | "accepted";
    readonly by: string;
    readonly at: Instant;
    readonly why: string;
  } | null;
}

export interface Observation {
  readonly at: Instant;
  readonly from: Instant;
  readonly to: Instant;
  readonly count: number;
  readonly interactive: number;
  readonly complete: boolean;
  readonly phases: readonly PhaseObservation[];
  readonly sources: readonly SourceNote[];
  readonly evidence: Sha256;
  readonly signIns?: Sha256;
}

/** What a look at the tenant showed. `until` is `null` where a person has to mend it. */
export interface ClosedGate {
  readonly at: Instant;
  readonly why: string;
  readonly until: Instant | null;
}

/**
 * What the events add up to. The maps are the fold's own and grow with the rollout; whoever receives a state reads it
 * and changes nothing.
 */
export interface RolloutState {
  readonly id: string;
  readonly customer: string;
  readonly customerName: string;
  readonly timeZone: string;
  readonly procedure: { readonly id: string; readonly version: string; readonly hash: Sha256 };
  readonly startedAt: Instant;
  readonly deadline: CalendarDate;
  /** In order, the closing phase last. */
  readonly phases: readonly Phase[];
  readonly seq: number;
  /** Hash of the last entry: the head of the chain. */
  readonly head: Sha256;
  readonly lastAt: Instant;
  readonly list: {
    readonly hash: Sha256;
    readonly at: Instant;
    readonly findings: Sha256;
    readonly findingCounts: Readonly<Partial<Record<JoinFindingKind, number>>>;
    readonly counts: ListCounts;
    readonly sources: readonly SourceNote[];
    readonly joiners: number;
    readonly leavers: number;
    readonly movers: number;
  } | null;
  readonly exceptions: {
    readonly list: Sha256;
    readonly register: Sha256;
    readonly table: Sha256;
    readonly at: Instant;
    readonly overrides: Sha256;
    readonly total: number;
    readonly counts: Readonly<Partial<Record<ExceptionKind, number>>>;
  } | null;
  /** Users whose exception ended with an earlier classification and who were given none since. */
  readonly endedExceptions: ReadonlySet<UserId>;
  /** By what a department is called now, as a phase's id: the phase that it had under its old name. */
  readonly renamed: ReadonlyMap<PhaseId, PhaseId>;
  /** What each phase was last planned from: the list and the exceptions of the last plan that was carried out for it. */
  readonly plannedFrom: ReadonlyMap<PhaseId, PlannedFrom>;
  readonly signoff: {
    readonly table: Sha256;
    readonly contact: string;
    readonly at: Instant;
    readonly approval: Approval;
  } | null;
  readonly drafts: ReadonlyMap<
    PhaseId,
    {
      readonly draft: Sha256;
      readonly artifact: Sha256;
      readonly lint: readonly LintFinding[];
      readonly covers: number;
      readonly at: Instant;
    }
  >;
  readonly enforcementDates: ReadonlyMap<PhaseId, CalendarDate>;
  readonly plans: ReadonlyMap<Sha256, PlanRecord>;
  readonly approvals: ReadonlyMap<Sha256, Approval>;
  /** Standing approvals with what is left of them. */
  readonly standing: readonly {
    readonly approval: Approval;
    /** Changes spent. */
    readonly used: number;
    /** Digests of the plans it was used for. */
    readonly plans: ReadonlySet<Sha256>;
  }[];
  readonly effects: ReadonlyMap<string, EffectRecord>;
  readonly mails: ReadonlyMap<MailKind, ReadonlyMap<UserId, SentMail>>;
  /** By mailNickname: object id. */
  readonly groups: ReadonlyMap<string, string>;
  readonly policies: ReadonlyMap<PhaseId, LivePolicyRecord>;
  /** The policies that stand in for security defaults, by their `BRIDGES` id. */
  readonly bridges: ReadonlyMap<PhaseId, LivePolicyRecord>;
  /** When the rollout turned security defaults off; `null`: it did not. */
  readonly securityDefaultsOff: Instant | null;
  readonly observations: readonly Observation[];
  /** The newest of each phase. */
  readonly foresights: ReadonlyMap<PhaseId, Foresight & { readonly at: Instant }>;
  readonly findings: ReadonlyMap<string, FindingRecord>;
  /** By id: everybody whom an enforced policy kept out, whatever became of it. */
  readonly blocks: ReadonlyMap<string, BlockRecord>;
  /** When a user was given access back ahead of the sign-off. */
  readonly givenBack: ReadonlyMap<UserId, Instant>;
  /** The last look at the tenant; `null` before the first. */
  readonly tenantCheck: {
    readonly list: Sha256;
    readonly register: Sha256 | null;
    readonly facts: Sha256;
    readonly pitfalls: readonly Pitfall[];
    readonly at: Instant;
  } | null;
  /** Ids of the pitfalls with which a person decided to go on. */
  readonly acceptedPitfalls: ReadonlySet<string>;
  /** By `<tool> <argsKey>`: every time it was done, oldest first. */
  readonly stepsDone: ReadonlyMap<string, readonly Instant[]>;
  /** By `<tool> <argsKey>`: a vendor's limit was met; going on before then is pointless. Gone once the step is done. */
  readonly paused: ReadonlyMap<string, Instant>;
  /** Why the tenant as it was seen then keeps a phase from being enforced. Gone once anything of ours changed there. */
  readonly closedGates: ReadonlyMap<PhaseId, ClosedGate>;
  /** By mailNickname: fingerprint of the members last put there; gone once others were seen there. */
  readonly groupMembers: ReadonlyMap<string, string>;
  readonly answeredTickets: ReadonlySet<string>;
  readonly snapshots: ReadonlyMap<PhaseId, { readonly snapshotId: string; readonly at: Instant }>;
  readonly report: {
    readonly pdf: Sha256;
    readonly text: Sha256;
    readonly facts: Sha256;
    readonly proof?: Sha256;
    readonly unproven?: Unproven;
    readonly at: Instant;
  } | null;
  /** How often a write was found interrupted, and what it had left was cut off the ledger's end. */
  readonly tornLines: number;
  readonly savedProcedure: { readonly id: string; readonly version: string; readonly at: Instant } | null;
}
