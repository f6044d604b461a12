import type { DashboardSnapshot } from "../../ports/dashboard.ts";

export const TABLE = "Enrolment";

/** Columns as Power BI's REST API takes them. Names are what a report's author sees. */
export const COLUMNS = [
  { name: "snapshotId", dataType: "String" },
  { name: "rolloutId", dataType: "String" },
  { name: "customer", dataType: "String" },
  { name: "afterPhase", dataType: "String" },
  { name: "takenAt", dataType: "Datetime" },
  { name: "day", dataType: "Datetime" },
  { name: "department", dataType: "String" },
  { name: "phase", dataType: "String" },
  { name: "inScope", dataType: "Int64" },
  { name: "registered", dataType: "Int64" },
  { name: "enrolled", dataType: "Int64" },
  { name: "enforced", dataType: "Int64" },
  { name: "exceptions", dataType: "Int64" },
] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number]["name"], string | number>>;

/** One row per department, each with the facts of its snapshot, since Power BI appends rows and never replaces them. */
export function toRows({ rows, ...snapshot }: DashboardSnapshot): readonly Row[] {
  return rows.map(({ capable, ...counts }) => ({ ...snapshot, ...counts, enrolled: capable }));
}

/** A DAX query for the rows of a snapshot. DAX compares text without regard to case. */
export function snapshotQuery(snapshotId: string): string {
  return `EVALUATE FILTER('${TABLE}', '${TABLE}'[snapshotId] = "${snapshotId.replaceAll('"', '""')}")`;
}
