import type { Row } from "./push-dataset.ts";

type Tables = ReadonlyMap<
  string,
  { readonly columns: Readonly<Record<string, string>>; readonly rows: readonly Row[] }
>;

const NAME = String.raw`(?:'([^']+)'|([A-Za-z]\w*))`;
const QUERY = new RegExp(
  String.raw`^\s*EVALUATE\s+(?:FILTER\s*\(\s*${NAME}\s*,\s*${NAME}\[([^\]]+)\]\s*=\s*"((?:[^"]|"")*)"\s*\)|${NAME})\s*$`,
  "i",
);

/**
 * Answers the two DAX queries that this box knows: `EVALUATE 'T'` and `EVALUATE FILTER('T', 'T'[column] = "text")`.
 * Columns come back fully qualified. `null`: a query it cannot run, or a table or column that is not there.
 */
export function evaluateDax(query: string, tables: Tables): readonly Row[] | null {
  const found = QUERY.exec(query);
  if (found === null) return null;
  const name = found[1] ?? found[2] ?? found[7] ?? found[8] ?? "";
  const table = tables.get(name);
  if (table === undefined) return null;
  const column = found[5];
  if (column !== undefined && ((found[3] ?? found[4]) !== name || !(column in table.columns))) return null;
  // DAX compares text without regard to case.
  const wanted = found[6]?.replaceAll('""', '"').toLowerCase();
  const rows =
    column === undefined ? table.rows : table.rows.filter((row) => String(row[column] ?? "").toLowerCase() === wanted);
  return rows.map((row) => Object.fromEntries(Object.keys(table.columns).map((key) => [`${name}[${key}]`, row[key]])));
}
