import { z } from "zod";

/** One line of `requests.jsonl`, as far as a contract has a say in it. */
const Line = z.object({
  vendor: z.string().nullable(),
  method: z.string(),
  url: z.url(),
  requestHeaders: z.record(z.string(), z.string()),
  requestBody: z.string().nullable(),
  status: z.number(),
  responseBody: z.string().nullable(),
  fault: z.string().nullable(),
});

export interface Exchange {
  readonly method: string;
  readonly url: URL;
  /** `undefined` where there is none, or none that is JSON. */
  readonly body: unknown;
  /** `null` where an injected fault answered in the vendor's place. */
  readonly status: number | null;
  /** `undefined` where there is none that is JSON, or where it was cut in the record. */
  readonly answer: unknown;
}

/** The exchanges of a record by vendor; those with hosts that nobody answers for are left out. */
export function byVendor(lines: readonly unknown[]): ReadonlyMap<string, readonly Exchange[]> {
  const vendors = new Map<string, Exchange[]>();
  for (const each of lines) {
    const line = Line.parse(each);
    if (line.vendor === null) continue;
    const exchanges = vendors.get(line.vendor) ?? [];
    vendors.set(line.vendor, exchanges);
    exchanges.push({
      method: line.method,
      url: new URL(line.url),
      body: jsonOf(line.requestBody),
      status: line.fault === null ? line.status : null,
      answer: line.fault === null ? jsonOf(line.responseBody) : undefined,
    });
  }
  return vendors;
}

function jsonOf(text: string | null): unknown {
  if (text === null || text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
