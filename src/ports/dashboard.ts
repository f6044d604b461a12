import type { CalendarDate, Instant } from "../domain/model/time.ts";
import type { Checked } from "./check.ts";

/** One row of an enrolment snapshot: a department, or `All departments`. Counts are accounts in scope. */
export interface DashboardRow {
  readonly department: string;
  readonly phase: string;
  readonly inScope: number;
  readonly registered: number;
  readonly capable: number;
  readonly enforced: number;
  readonly exceptions: number;
}

export interface DashboardSnapshot {
  /** Unique per snapshot and in every row, so that a lost answer can be looked up and a repeat be seen. */
  readonly snapshotId: string;
  readonly rolloutId: string;
  readonly customer: string;
  /** After which phase it was taken. */
  readonly afterPhase: string;
  readonly takenAt: Instant;
  readonly day: CalendarDate;
  readonly rows: readonly DashboardRow[];
}

/** Where the customer's leadership watches progress. */
export interface DashboardPort extends Checked {
  /** Makes the place for snapshots when it is missing; repeatable. */
  prepare(call: { readonly signal: AbortSignal }): Promise<{ readonly place: string }>;
  append(snapshot: DashboardSnapshot, call: { readonly signal: AbortSignal }): Promise<void>;
  /** `cannot_tell` where the vendor offers no reading of rows. */
  hasSnapshot(
    snapshotId: string,
    call: { readonly signal: AbortSignal },
  ): Promise<"present" | "absent" | "cannot_tell">;
}
