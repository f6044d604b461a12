import { z } from "zod";
import { ConfigurationError } from "../../errors.ts";
import type { VendorHttp } from "../http/vendor-http.ts";

/** A report enabled as a web service, and the XML aliases that its author gave the columns, by what they mean to us. */
export interface WorkdayReport<Fact extends string> {
  /** Workday account that owns it. */
  readonly owner: string;
  readonly name: string;
  readonly columns: Readonly<Partial<Record<Fact, string | undefined>>>;
}

/** One row: every value is text, whatever it means; `null` where the row has none. */
export type Facts<Fact extends string> = Readonly<Record<Fact, string | null>>;

const PERMISSION = "access to the report and to the security domains of its fields for the integration system user";
/** A report runs when it is asked for; Workday itself gives one half an hour. */
export const REPORT_TIMEOUT_MS = 120_000;

const Row = z.record(z.string(), z.unknown());
/** An empty report is an empty list, or lacks the key, or is a bare list; anything else is no report. */
const Answer = z.union([
  z.array(Row),
  z.strictObject({ Report_Entry: z.array(Row).default([]) }).transform(({ Report_Entry }) => Report_Entry),
]);
const Value = z
  .union([z.string(), z.number(), z.boolean(), z.null(), z.undefined()])
  .transform((value) => (value === null || value === undefined ? null : String(value).trim() || null));

/**
 * Runs a report and gives its rows under our names. RaaS has no pages: the answer is whole or cut, and a cut one is no JSON.
 *
 * @param facts - What is asked for; one without a column in the map is `null` in every row.
 */
export async function runReport<Fact extends string>(
  http: VendorHttp,
  call: {
    readonly tenant: string;
    readonly report: WorkdayReport<Fact>;
    readonly facts: readonly Fact[];
    readonly signal: AbortSignal;
  },
): Promise<readonly Facts<Fact>[]> {
  const { tenant, report, facts, signal } = call;
  const path = [tenant, report.owner, report.name].map(encodeURIComponent).join("/");
  const rows = await http.get(`/ccx/service/customreport2/${path}`, {
    schema: Answer,
    permission: PERMISSION,
    signal,
    query: { format: "json" },
  });
  return rows.map((row) => {
    const pairs = facts.map((fact) => {
      const column = report.columns[fact];
      const value = Value.safeParse(column === undefined ? null : row[column]);
      if (!value.success) throw http.errors.contract(`with a list where ${column} should hold one value`, { column });
      return [fact, value.data] as const;
    });
    // Just built from exactly these facts.
    return Object.fromEntries(pairs) as Facts<Fact>;
  });
}

/**
 * Refuses rows in which a mapped column appears nowhere: a renamed alias or a field that the user may not see looks just
 * like that. Workday leaves a value out of a row that has none, so a column is looked for only where it must be.
 *
 * @param rows - Those rows of the report that must have the columns; without any there is nothing to tell by.
 * @throws {ConfigurationError} with what to mend.
 */
export function requireColumns<Fact extends string>(
  rows: readonly Facts<Fact>[],
  report: WorkdayReport<Fact>,
  facts: readonly Fact[],
): void {
  if (rows.length === 0) return;
  const absent = facts.flatMap((fact) => {
    const column = report.columns[fact];
    return column !== undefined && rows.every((row) => row[fact] === null) ? [column] : [];
  });
  if (absent.length === 0) return;
  throw new ConfigurationError(`The Workday report ${report.name} has nothing in ${absent.join(", ")}.`, {
    nextStep:
      "In Workday, check that the columns have these XML aliases and that the integration system user may see their fields; or correct the columns under hr.source in the customer's file.",
    details: { report: report.name, columns: absent },
  });
}
