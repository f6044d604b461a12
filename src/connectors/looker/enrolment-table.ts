import type { DashboardSnapshot } from "../../ports/dashboard.ts";

export const TABLE = "mfa_enrolment";

/** Columns as BigQuery takes them. `dashboards/looker` and every report over the table read them by these names. */
export const COLUMNS = [
  { name: "snapshot_id", type: "STRING", mode: "REQUIRED" },
  { name: "rollout_id", type: "STRING", mode: "REQUIRED" },
  { name: "customer", type: "STRING", mode: "REQUIRED" },
  { name: "after_phase", type: "STRING", mode: "REQUIRED" },
  { name: "taken_at", type: "TIMESTAMP", mode: "REQUIRED" },
  { name: "day", type: "DATE", mode: "REQUIRED" },
  { name: "department", type: "STRING", mode: "REQUIRED" },
  { name: "phase", type: "STRING", mode: "REQUIRED" },
  { name: "in_scope", type: "INTEGER", mode: "REQUIRED" },
  { name: "registered", type: "INTEGER", mode: "REQUIRED" },
  { name: "enrolled", type: "INTEGER", mode: "REQUIRED" },
  { name: "enforced", type: "INTEGER", mode: "REQUIRED" },
  { name: "exceptions", type: "INTEGER", mode: "REQUIRED" },
] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number]["name"], string | number>>;

/** One row per department, each with the facts of its snapshot. */
export function toRows({ rows, ...snapshot }: DashboardSnapshot): readonly Row[] {
  return rows.map((row) => ({
    snapshot_id: snapshot.snapshotId,
    rollout_id: snapshot.rolloutId,
    customer: snapshot.customer,
    after_phase: snapshot.afterPhase,
    taken_at: snapshot.takenAt,
    day: snapshot.day,
    department: row.department,
    phase: row.phase,
    in_scope: row.inScope,
    registered: row.registered,
    enrolled: row.capable,
    enforced: row.enforced,
    exceptions: row.exceptions,
  }));
}
