/** A record as the API shows it: plain JSON with a numeric id. */
export type PsaRecord = { readonly id: number } & Record<string, unknown>;

/** A reference to another record. */
export interface Reference {
  readonly id: number;
  readonly name: string;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value at a `/` path such as `board/name`; `undefined` when there is none. */
export function valueAt(record: Readonly<Record<string, unknown>>, path: string): unknown {
  return path.split("/").reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), record);
}

/** `fields=id,status/name`: only these, and `_info` only when asked. */
export function pick(record: PsaRecord, fields: string | null): Record<string, unknown> {
  if (fields === null || fields.trim() === "") return record;
  const picked: Record<string, unknown> = {};
  for (const path of fields.split(",").map((field) => field.trim())) {
    const value = valueAt(record, path);
    if (value !== undefined) place(picked, path.split("/"), value);
  }
  return picked;
}

function place(target: Record<string, unknown>, [key = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const inner = target[key];
  const next = isObject(inner) ? inner : {};
  target[key] = next;
  place(next, rest, value);
}

/** An instant as the API writes it: without milliseconds. */
export const instantText = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");

/** True when a reference of a request, by id or else by name, means this record. */
export const matchesReference = (record: PsaRecord, wanted: Readonly<Record<string, unknown>>): boolean =>
  wanted.id === undefined ? record.name === wanted.name : record.id === wanted.id;
