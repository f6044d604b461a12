import { z } from "zod";
import { ConfigurationError } from "../../errors.ts";
import type { VendorHttp } from "../http/vendor-http.ts";

/**
 * Where rows come from: a report enabled as a web service (RaaS) or, in a tenant that offers none, a query in Workday's
 * query language (WQL). Either way the columns have the names that their author gave them, by what they mean to us.
 */
export interface WorkdaySource<Fact extends string> {
  readonly from:
    | { readonly kind: "report" /** Workday account that owns it. */; readonly owner: string; readonly name: string }
    | { readonly kind: "wql"; readonly query: string };
  readonly columns: Readonly<Partial<Record<Fact, string | undefined>>>;
}

/** One row: every value is text, whatever it means; `null` where the row has none. */
export type Facts<Fact extends string> = Readonly<Record<Fact, string | null>>;

const REPORT_ACCESS = "access to the report and to the security domains of its fields for the integration system user";
const QUERY_ACCESS = "the scopes of the query's data source and fields for the API client";
/** A report runs when it is asked for, so it may take as many times as long as another answer; Workday itself gives one half an hour. */
export const REPORT_TIMES = 6;

const Row = z.record(z.string(), z.unknown());
/** An empty report is an empty list, or lacks the key, or is a bare list; anything else is no report. */
const Answer = z.union([
  z.array(Row),
  z.strictObject({ Report_Entry: z.array(Row).default([]) }).transform(({ Report_Entry }) => Report_Entry),
]);
const Page = z.object({ total: z.int().nonnegative(), data: z.array(Row) });
const PAGE_SIZE = 1_000;

const Plain = z.union([z.string(), z.number(), z.boolean()]);
/** WQL shows an instance, such as a cost centre, with its name and id. */
const Value = z
  .union([
    Plain,
    z.object({ descriptor: z.string() }).transform(({ descriptor }) => descriptor),
    z.null(),
    z.undefined(),
  ])
  .transform((value) => (value === null || value === undefined ? null : String(value).trim() || null));

interface Rows<Fact extends string> {
  readonly tenant: string;
  readonly source: WorkdaySource<Fact>;
  readonly signal: AbortSignal;
}

/**
 * Every row of a source under our names.
 *
 * @param call.facts - What is asked for; one without a column in the map is `null` in every row.
 */
export async function readRows<Fact extends string>(
  http: VendorHttp,
  call: Rows<Fact> & { readonly facts: readonly Fact[] },
): Promise<readonly Facts<Fact>[]> {
  const { source, facts } = call;
  const { from } = source;
  const rows = from.kind === "report" ? await runReport(http, from, call) : await runQuery(http, from, call);
  return rows.map((row) => {
    const pairs = facts.map((fact) => {
      const column = source.columns[fact];
      const value = Value.safeParse(column === undefined ? null : row[column]);
      if (!value.success) throw http.errors.contract(`with a list where ${column} should hold one value`, { column });
      return [fact, value.data] as const;
    });
    // Just built from exactly these facts.
    return Object.fromEntries(pairs) as Facts<Fact>;
  });
}

/** RaaS has no pages: the answer is whole or cut, and a cut one is no JSON. */
function runReport(
  http: VendorHttp,
  { owner, name }: { readonly owner: string; readonly name: string },
  { tenant, signal }: { readonly tenant: string; readonly signal: AbortSignal },
): Promise<readonly z.output<typeof Row>[]> {
  return http.get(`/ccx/service/customreport2/${[tenant, owner, name].map(encodeURIComponent).join("/")}`, {
    schema: Answer,
    permission: REPORT_ACCESS,
    signal,
    query: { format: "json" },
  });
}

/** As many rows as Workday counts, or an error: a short page would make people vanish. */
async function runQuery(
  http: VendorHttp,
  { query }: { readonly query: string },
  { tenant, signal }: { readonly tenant: string; readonly signal: AbortSignal },
): Promise<readonly z.output<typeof Row>[]> {
  const rows: z.output<typeof Row>[] = [];
  for (;;) {
    const { total, data } = await http.get(`/ccx/api/wql/v1/${encodeURIComponent(tenant)}/data`, {
      schema: Page,
      permission: QUERY_ACCESS,
      signal,
      query: { query, limit: PAGE_SIZE, offset: rows.length },
    });
    rows.push(...data);
    if (rows.length === total) return rows;
    if (data.length === 0 || rows.length > total) {
      throw http.errors.contract("with another number of rows than it counted", { got: rows.length, counted: total });
    }
  }
}

/** For messages: which report, or that it is the query. */
export const nameOf = ({ from }: Pick<WorkdaySource<never>, "from">): string =>
  from.kind === "report" ? `report ${from.name}` : "query";

/**
 * Refuses rows in which a mapped column appears nowhere: a renamed alias or a field that the user may not see looks just
 * like that. Workday leaves a value out of a row that has none, so a column is looked for only where it must be.
 *
 * @param rows - Those rows that must have the columns; without any there is nothing to tell by.
 * @throws {ConfigurationError} with what to mend.
 */
export function requireColumns<Fact extends string>(
  rows: readonly Facts<Fact>[],
  source: WorkdaySource<Fact>,
  facts: readonly Fact[],
): void {
  if (rows.length === 0) return;
  const absent = facts.flatMap((fact) => {
    const column = source.columns[fact];
    return column !== undefined && rows.every((row) => row[fact] === null) ? [column] : [];
  });
  if (absent.length === 0) return;
  throw new ConfigurationError(`The Workday ${nameOf(source)} has nothing in ${absent.join(", ")}.`, {
    nextStep:
      "In Workday, check that the columns have these XML aliases and that the integration system user may see their fields; or correct the columns under hr in the customer's file.",
    details: { source: nameOf(source), columns: absent },
  });
}
