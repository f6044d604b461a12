import { z } from "zod";
import type { VendorRequest } from "../../core/vendor.ts";

export type Row = Readonly<Record<string, unknown>>;
export const Schema = z.object({
  fields: z.array(
    z.object({ name: z.string().regex(/^[A-Za-z_]\w*$/), type: z.string(), mode: z.string().optional() }),
  ),
});
export type Schema = z.output<typeof Schema>;

const Metadata = z.object({
  jobReference: z.object({
    projectId: z.string(),
    jobId: z.string().regex(/^[\w-]{1,1024}$/),
    location: z.string().optional(),
  }),
  configuration: z.object({
    load: z.object({
      destinationTable: z.object({ projectId: z.string(), datasetId: z.string(), tableId: z.string() }),
      sourceFormat: z.literal("NEWLINE_DELIMITED_JSON"),
      writeDisposition: z.enum(["WRITE_APPEND", "WRITE_EMPTY", "WRITE_TRUNCATE"]).default("WRITE_APPEND"),
      createDisposition: z.enum(["CREATE_IF_NEEDED", "CREATE_NEVER"]).default("CREATE_IF_NEEDED"),
    }),
  }),
});

/** A load job with its data, as a multipart upload brings both. */
export interface LoadRequest {
  readonly metadata: z.output<typeof Metadata>;
  readonly data: string;
}

/** Reads `multipart/related` with the job as JSON and then the data (RFC 2387); `null` when it is not that. */
export function readUpload({ headers, body }: VendorRequest): LoadRequest | null {
  const boundary = /^multipart\/related;.*boundary="?([^";]+)"?/i.exec(headers["content-type"] ?? "")?.[1];
  if (boundary === undefined) return null;
  const parts = body
    .toString("utf8")
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => part.slice(part.indexOf("\r\n\r\n") + 4).replace(/\r\n$/, ""));
  const [first, data] = parts;
  if (first === undefined || data === undefined || parts.length !== 2) return null;
  const metadata = Metadata.safeParse(parsed(first));
  return metadata.success ? { metadata: metadata.data, data } : null;
}

/** The rows of newline-delimited JSON, or what is wrong with the first bad one: all are loaded or none. */
export function readRows(data: string, { fields }: Schema): readonly Row[] | string {
  const types = new Map(fields.map(({ name, type }) => [name.toLowerCase(), type]));
  const rows: Row[] = [];
  for (const [index, line] of data.split("\n").entries()) {
    if (line.trim() === "") continue;
    const row = z.record(z.string(), z.unknown()).safeParse(parsed(line));
    if (!row.success) return `Error while reading data, error message: JSON parsing error in row ${index}.`;
    const bad = Object.entries(row.data).find(([name, value]) => !fits(types.get(name.toLowerCase()), value));
    if (bad !== undefined) return `Error while reading data, error message: no such field or bad value: ${bad[0]}.`;
    rows.push(row.data);
  }
  return rows;
}

function fits(type: string | undefined, value: unknown): boolean {
  switch (type) {
    case "STRING":
      return typeof value === "string";
    case "INTEGER":
      return Number.isSafeInteger(value);
    case "DATE":
      return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);
    case "TIMESTAMP":
      return typeof value === "string" && !Number.isNaN(Date.parse(value));
    default:
      return false;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
