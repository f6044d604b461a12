import type { Exception } from "../model/exception.ts";
import type { Sha256 } from "../model/ids.ts";
import type { PolicyState } from "../model/phase.ts";
import type { CalendarDate, Instant } from "../model/time.ts";
import type { SourceNote } from "../rollout/events.ts";
import type { FindingRecord } from "../rollout/state.ts";
import type { ProgressRow } from "./progress-rows.ts";
import type { ProofLine } from "./proof-line.ts";
import type { CoverageTotals } from "./proof-tally.ts";

/** Everything that the compliance report says, as plain data: the same facts always give the same bytes. */
export interface ReportFacts {
  readonly customer: string;
  readonly mspName: string;
  readonly rollout: string;
  /** Id and version, "insurer-mfa 1.0.0". */
  readonly procedure: string;
  readonly insurer: { readonly name: string; readonly form: string | null };
  /** Days and times are shown in this zone. */
  readonly timeZone: string;
  readonly startedOn: CalendarDate;
  readonly deadline: CalendarDate;
  readonly writtenAt: Instant;
  /** Counted from the lines of the proof and nothing else, like `departments` and `methods`. */
  readonly totals: CoverageTotals;
  readonly proof: {
    /** Hash of the document with one line for each account of the tenant. */
    readonly document: Sha256;
    readonly whatIf: {
      readonly seed: string;
      readonly asked: number;
      /** "<account> <policy>" by their ids; any of them and the proof fails. */
      readonly disputes: readonly string[];
    };
  };
  /** Of the canonical list: there is nothing to cover. */
  readonly employeesWithoutAccount: number;
  /** One row a phase, the sum last. */
  readonly departments: readonly ProgressRow[];
  /** The first lines of the proof, as many as are printed. */
  readonly accounts: readonly ProofLine[];
  readonly exceptions: readonly Exception[];
  readonly signoff: {
    readonly contact: string;
    readonly recordedBy: string;
    readonly at: Instant;
    /** Hash of the signed table. */
    readonly table: Sha256;
    /** False: the exceptions have changed since. */
    readonly current: boolean;
  } | null;
  readonly policies: readonly PolicyHistory[];
  /** Number of accounts by registered method, most first. */
  readonly methods: readonly { readonly method: string; readonly accounts: number }[];
  readonly signIns: readonly SignInWindow[];
  readonly findings: readonly FindingRecord[];
  readonly holdouts: readonly {
    readonly upn: string;
    readonly department: string | null;
    readonly enforced: boolean;
    /** What was done about it: "2 reminders, manager copied, ticket 4711". */
    readonly done: string;
  }[];
  readonly sources: readonly SourceNote[];
  readonly ledger: { readonly head: Sha256; readonly entries: number };
}

export interface PolicyHistory {
  readonly name: string;
  /** The vendor's id; `null`: drafted, never created. */
  readonly policyId: string | null;
  /** Oldest first. */
  readonly changes: readonly { readonly at: Instant; readonly state: PolicyState }[];
  /** Where the live policy is not the approved one, at the time of the report; `null`: it was not looked at. */
  readonly differences: readonly string[] | null;
}

export interface SignInWindow {
  readonly from: Instant;
  readonly to: Instant;
  readonly count: number;
  readonly interactive: number;
  readonly complete: boolean;
  readonly blocked: number;
}
