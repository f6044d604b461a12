/** Types a column of a push dataset may have, and the values each takes. */
const ACCEPTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  Int64: (value) => Number.isSafeInteger(value),
  Double: (value) => typeof value === "number",
  Decimal: (value) => typeof value === "number",
  Boolean: (value) => typeof value === "boolean",
  String: (value) => typeof value === "string",
  // Both spellings occur in Microsoft's own examples.
  Datetime: (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
  DateTime: (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
};

/** learn.microsoft.com/power-bi/developer/embedded/push-datasets-limitations */
const LIMITS = {
  tables: 75,
  columns: 75,
  rowsPerPost: 10_000,
  rowsPerHour: 1_000_000,
  fifoRows: 200_000,
  rows: 5_000_000,
  characters: 4_000,
} as const;

export type Row = Readonly<Record<string, unknown>>;

interface Table {
  columns: Readonly<Record<string, string>>;
  measures: readonly Measure[];
  rows: Row[];
}

export interface Measure {
  readonly name: string;
  readonly expression: string;
}

export interface PushDataset {
  readonly id: string;
  readonly name: string;
  readonly retention: "None" | "basicFIFO";
  readonly createdAt: number;
  readonly tables: Map<string, Table>;
  /** Rows taken in the hour that began at `since`, world time. */
  hour: { since: number; rows: number };
}

/** Reads a table's columns, or says what is wrong with them. */
export function readColumns(columns: unknown): Readonly<Record<string, string>> | string {
  if (!Array.isArray(columns) || columns.length === 0) return "A table must have columns.";
  if (columns.length > LIMITS.columns) return `A table may have at most ${LIMITS.columns} columns.`;
  const found: Record<string, string> = {};
  for (const { name, dataType } of columns) {
    if (typeof name !== "string" || name === "" || name in found) return "A column's name is missing or repeated.";
    if (typeof dataType !== "string" || !(dataType in ACCEPTS)) return `Column ${name} has an unknown dataType.`;
    found[name] = dataType;
  }
  return found;
}

/** Reads a table's measures, or says what is wrong with them. A model's names differ by more than their case. */
export function readMeasures(
  measures: unknown,
  columns: Readonly<Record<string, string>>,
): readonly Measure[] | string {
  if (!Array.isArray(measures)) return "Measures must be a list.";
  const taken = new Set(Object.keys(columns).map((name) => name.toLowerCase()));
  const found: Measure[] = [];
  for (const { name, expression } of measures) {
    if (typeof name !== "string" || name === "") return "A measure needs a name.";
    if (taken.has(name.toLowerCase())) return `The name ${name} is taken in this table.`;
    if (typeof expression !== "string" || expression.trim() === "") return `Measure ${name} has no expression.`;
    taken.add(name.toLowerCase());
    found.push({ name, expression });
  }
  return found;
}

/** Reads the tables of a new dataset, or says what is wrong with them. */
export function readTables(tables: unknown): Map<string, Table> | string {
  if (!Array.isArray(tables) || tables.length === 0) return "A dataset must have tables.";
  if (tables.length > LIMITS.tables) return `A dataset may have at most ${LIMITS.tables} tables.`;
  const found = new Map<string, Table>();
  for (const table of tables) {
    if (typeof table?.name !== "string" || table.name === "" || found.has(table.name)) {
      return "A table's name is missing or repeated.";
    }
    const columns = readColumns(table.columns);
    if (typeof columns === "string") return columns;
    const measures = readMeasures(table.measures ?? [], columns);
    if (typeof measures === "string") return measures;
    found.set(table.name, { columns, measures, rows: [] });
  }
  return found;
}

/** Appends rows all or none; answers what refused them, or `null`. A column left out of a row is blank. */
export function appendRows(dataset: PushDataset, table: Table, rows: readonly unknown[]): string | null {
  if (rows.length > LIMITS.rowsPerPost) return `A request may carry at most ${LIMITS.rowsPerPost} rows.`;
  if (dataset.hour.rows + rows.length > LIMITS.rowsPerHour) return "Too many rows were pushed within the hour.";
  const accepted: Row[] = [];
  for (const row of rows) {
    if (typeof row !== "object" || row === null || Array.isArray(row)) return "A row must be an object.";
    const wrong = Object.entries(row).find(([name, value]) => !fits(table.columns[name], value));
    if (wrong !== undefined) return `Column ${wrong[0]} does not exist or does not take this value.`;
    accepted.push({ ...row });
  }
  if (dataset.retention === "None" && table.rows.length + accepted.length > LIMITS.rows) return "The table is full.";
  table.rows.push(...accepted);
  if (dataset.retention === "basicFIFO") table.rows.splice(0, Math.max(0, table.rows.length - LIMITS.fifoRows));
  dataset.hour.rows += accepted.length;
  return null;
}

function fits(dataType: string | undefined, value: unknown): boolean {
  if (dataType === undefined) return false;
  if (value === null) return true;
  if (typeof value === "string" && value.length > LIMITS.characters) return false;
  return ACCEPTS[dataType]?.(value) ?? false;
}
