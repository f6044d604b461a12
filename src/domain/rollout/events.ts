import type { Unproven } from "../coverage/unproven.ts";
import type { Block } from "../model/block.ts";
import type { EffectSubject } from "../model/effect.ts";
import type { ExceptionKind } from "../model/exception.ts";
import type { Foresight } from "../model/foresight.ts";
import type { PhaseId, Sha256, UserId } from "../model/ids.ts";
import type { JoinFindingKind } from "../model/people.ts";
import type { Phase } from "../model/phase.ts";
import type { Approval, Json } from "../model/plan.ts";
import type { LintFinding } from "../model/policy.ts";
import type { Finding } from "../model/signin.ts";
import type { CalendarDate, Instant } from "../model/time.ts";
import type { Pitfall } from "../pitfalls/pitfall.ts";

/** Where a number comes from: what was asked, when, how many answers, and whether that was all of them. */
export interface SourceNote {
  readonly source: string;
  readonly call: string;
  readonly at: Instant;
  readonly count: number;
  readonly complete: boolean;
}

export interface ListCounts {
  readonly employeesActive: number;
  readonly accounts: number;
  readonly users: number;
  readonly correlated: number;
  readonly orphanAccounts: number;
  readonly missingAccounts: number;
  readonly registered: number;
  readonly capable: number;
  readonly unknownRegistration: number;
}

/** Everything that can happen in a rollout. Facts only, past tense; state is folded from these and nothing else. */
export type RolloutEvent =
  | {
      readonly type: "rollout_started";
      readonly data: {
        readonly rollout: string;
        readonly customer: string;
        readonly customerName: string;
        readonly timeZone: string;
        readonly procedure: { readonly id: string; readonly version: string; readonly hash: Sha256 };
        readonly deadline: CalendarDate;
        readonly phases: readonly Phase[];
      };
    }
  | {
      readonly type: "users_reconciled";
      readonly data: {
        /** The canonical list, one user a line. */
        readonly list: Sha256;
        /** The join's findings, one a line, worst first. */
        readonly findings: Sha256;
        readonly findingCounts: Readonly<Partial<Record<JoinFindingKind, number>>>;
        readonly counts: ListCounts;
        readonly sources: readonly SourceNote[];
        readonly joiners: readonly UserId[];
        readonly leavers: readonly UserId[];
        readonly movers: readonly UserId[];
        /** Departments that have another name since the last list; absent where none has. */
        readonly renamed?: readonly { readonly from: string; readonly to: string }[];
      };
    }
  | {
      readonly type: "exceptions_classified";
      readonly data: {
        /** The list it was made from. */
        readonly list: Sha256;
        /** `Exception[]` as JSON. */
        readonly register: Sha256;
        /** The Markdown table that the customer signs. Same exceptions, same table, same hash. */
        readonly table: Sha256;
        readonly counts: Readonly<Partial<Record<ExceptionKind, number>>>;
        readonly total: number;
        /** Every override given so far, as JSON, so that the next look keeps them. */
        readonly overrides: Sha256;
        /** All who ever had an exception and have none now; absent in ledgers from before it was kept. */
        readonly ended?: readonly UserId[];
      };
    }
  | { readonly type: "signoff_recorded"; readonly data: { readonly approval: Approval; readonly contact: string } }
  | {
      readonly type: "policy_drafted";
      readonly data: {
        readonly phase: PhaseId;
        /** `PolicyDraft` as JSON; its hash names the draft. */
        readonly draft: Sha256;
        /** The vendor's JSON that people review. */
        readonly artifact: Sha256;
        readonly lint: readonly LintFinding[];
        readonly covers: number;
      };
    }
  | {
      readonly type: "phase_scheduled";
      readonly data: { readonly phase: PhaseId; readonly enforcementDate: CalendarDate };
    }
  | {
      readonly type: "plan_proposed";
      readonly data: {
        /** The stored plan; its hash is the digest that is signed. */
        readonly digest: Sha256;
        readonly tool: string;
        readonly argsKey: string;
        readonly title: string;
        readonly standing: { readonly textsHash: Sha256; readonly count: number } | null;
        /** Present where only a senior approver's signature counts. */
        readonly signer?: "senior";
      };
    }
  | { readonly type: "approval_signed"; readonly data: { readonly approval: Approval } }
  | { readonly type: "approval_denied"; readonly data: { readonly approval: Approval } }
  /** A standing approval was used for this plan: that many of its changes are spent. */
  | {
      readonly type: "standing_used";
      readonly data: {
        readonly terms: Sha256;
        readonly plan: Sha256;
        readonly count: number;
        /** Of the approval that it draws on: the same terms may be signed again. Older ledgers lack it. */
        readonly signature?: string;
      };
    }
  | { readonly type: "plan_completed"; readonly data: { readonly digest: Sha256 } }
  | {
      readonly type: "effect_intended";
      readonly data: { readonly key: string; readonly plan: Sha256; readonly subject: EffectSubject };
    }
  | {
      readonly type: "effect_noted";
      readonly data: { readonly key: string; readonly note: { readonly [name: string]: Json } };
    }
  | {
      readonly type: "effect_done";
      readonly data: {
        readonly key: string;
        readonly outcome: { readonly [name: string]: Json };
        /** True when it was not performed now but found at the vendor after an unclear end. */
        readonly found: boolean;
      };
    }
  | { readonly type: "effect_unknown"; readonly data: { readonly key: string; readonly check: string } }
  /** The attempt came to its end and changed nothing for certain: refused, or never sent. Older ledgers lack it. */
  | { readonly type: "effect_failed"; readonly data: { readonly key: string } }
  /** A person looked at the vendor and says what became of a change whose end could not be told. */
  | {
      readonly type: "effect_settled";
      readonly data: { readonly key: string; readonly happened: boolean; readonly approval: Approval };
    }
  /** Who took a Temporary Access Pass into their hands, before it was made. */
  | { readonly type: "access_pass_taken"; readonly data: { readonly userId: UserId; readonly approval: Approval } }
  | {
      readonly type: "signins_observed";
      readonly data: {
        readonly from: Instant;
        readonly to: Instant;
        readonly count: number;
        readonly interactive: number;
        readonly complete: boolean;
        /** Per phase: users seen, would be prompted, blocked since enforcement; ids of the blocked. */
        readonly phases: readonly PhaseObservation[];
        readonly findings: readonly Finding[];
        readonly sources: readonly SourceNote[];
        /** The evidence behind findings and blocks, one sign-in a line. */
        readonly evidence: Sha256;
        /** Users kept out by an enforced policy, and those of earlier looks who got in since; absent before it was kept. */
        readonly blocks?: readonly Block[];
        readonly recovered?: readonly { readonly userId: UserId; readonly at: Instant }[];
        /** Every sign-in of the look, one a line, for replaying; absent in ledgers from before it was kept. */
        readonly signIns?: Sha256;
      };
    }
  | { readonly type: "lockouts_foreseen"; readonly data: Foresight & { readonly phase: PhaseId } }
  | {
      readonly type: "tenant_checked";
      readonly data: {
        /** The list and the exceptions that it was judged by; `register` is `null` before there are any. */
        readonly list: Sha256;
        readonly register: Sha256 | null;
        /** What was read, as JSON. */
        readonly facts: Sha256;
        /** Worst first; those that could not be looked at last. */
        readonly pitfalls: readonly Pitfall[];
        readonly sources: readonly SourceNote[];
      };
    }
  /** About a finding of the sign-in log, or about a pitfall, which can only be accepted. */
  | {
      readonly type: "finding_resolved";
      readonly data: {
        readonly findingId: string;
        readonly resolution: "remediated" | "carved_out" | "accepted";
        readonly by: string;
        readonly why: string;
        /** The plan that a person signed for it; absent for what needs no signature, and in earlier ledgers. */
        readonly plan?: Sha256;
      };
    }
  /** A tool did what a step asked, with these arguments; steps that plan nothing (`0 to remind`) end here too. */
  | {
      readonly type: "step_done";
      readonly data: { readonly tool: string; readonly argsKey: string; readonly summary: string };
    }
  /** A vendor's quota was met in the middle of a plan; it goes on from there at `until`. */
  | {
      readonly type: "step_paused";
      readonly data: { readonly tool: string; readonly argsKey: string; readonly until: Instant };
    }
  /** A look at the tenant showed why a phase must not be enforced now. What can be judged without a look is not noted. */
  | {
      readonly type: "gate_closed";
      readonly data: {
        readonly phase: PhaseId;
        readonly blockers: readonly { readonly code: string; readonly message: string }[];
        /** When time alone opens it; absent where a person has to mend something. */
        readonly until?: Instant;
      };
    }
  | {
      readonly type: "report_written";
      readonly data: {
        readonly pdf: Sha256;
        readonly text: Sha256;
        readonly facts: Sha256;
        /** The closing proof, one account a line; absent in ledgers from before it was made. */
        readonly proof?: Sha256;
        /** What it left open; absent in ledgers from before that held anything up. */
        readonly unproven?: Unproven;
      };
    }
  /** What an interrupted write had left after the line before this one was cut off; nobody had built on it. */
  | { readonly type: "torn_line_cut"; readonly data: { readonly bytes: number } }
  | {
      readonly type: "procedure_saved";
      readonly data: { readonly id: string; readonly version: string; readonly hash: Sha256 };
    };

export interface PhaseObservation {
  readonly phase: PhaseId;
  readonly signIns: number;
  readonly users: number;
  readonly wouldBePrompted: number;
  readonly promptedNotCapable: number;
  readonly blocked: number;
  readonly blockedUsers: readonly UserId[];
}

/** An event as it stands in the ledger. `seq` starts at 1. `hash` chains to the line before. */
export type LedgerEntry = RolloutEvent & {
  readonly seq: number;
  readonly at: Instant;
  /** `server`, or `person:<name>` for what the command line recorded. */
  readonly actor: string;
  readonly prev: Sha256;
  readonly hash: Sha256;
};
