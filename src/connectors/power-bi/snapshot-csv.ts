import { createHash } from "node:crypto";
import type { DashboardSnapshot } from "../../ports/dashboard.ts";
import { COLUMNS, toRows } from "./enrolment-table.ts";

/** What a spreadsheet would run as a formula, had somebody named a department so (OWASP: CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** The rows of a snapshot under the table's column names. Text that begins like a formula gets an apostrophe before it. */
export function snapshotCsv(snapshot: DashboardSnapshot): string {
  const names = COLUMNS.map(({ name }) => name);
  const lines = toRows(snapshot).map((row) => names.map((name) => cell(row[name])).join(","));
  return `${[names.join(","), ...lines].join("\r\n")}\r\n`;
}

/** @see RFC 4180 */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One name for one snapshot: readable, safe in every file system, and never the name of another. */
export function snapshotFileName(snapshotId: string): string {
  const readable = snapshotId.replaceAll(/[^A-Za-z0-9_-]+/g, "-").slice(0, 80);
  const hash = createHash("sha256").update(snapshotId).digest("hex").slice(0, 16);
  return `${readable}_${hash}.csv`;
}
