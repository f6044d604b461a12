import type { ProgressRow } from "../domain/coverage/progress-rows.ts";
import type { CalendarDate, Instant } from "../domain/model/time.ts";
import type { Checked } from "./check.ts";

export interface DashboardSnapshot {
  /** Unique per snapshot and in every row, so that a lost answer can be looked up and a repeat be seen. */
  readonly snapshotId: string;
  readonly rolloutId: string;
  readonly customer: string;
  /** After which phase it was taken. */
  readonly afterPhase: string;
  readonly takenAt: Instant;
  readonly day: CalendarDate;
  /** One a department, and one for `All departments`. */
  readonly rows: readonly ProgressRow[];
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
