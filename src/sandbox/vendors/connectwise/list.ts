import type { VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { ConditionsError, compileConditions } from "./conditions.ts";
import { badRequest } from "./psa-errors.ts";
import { type PsaRecord, pick, valueAt } from "./record.ts";

const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 1_000;

/**
 * Answers a list query: `conditions`, `orderBy`, `page`, `pageSize`, `fields`, and a `Link` header to the next page.
 * By id unless told otherwise. Dates of entry are asked as `dateEntered` and shown in `_info`.
 */
export function answerList(request: VendorRequest, records: readonly PsaRecord[]): VendorResponse {
  const query = request.url.searchParams;
  const page = Number(query.get("page") ?? 1);
  const pageSize = Number(query.get("pageSize") ?? DEFAULT_PAGE_SIZE);
  if (!Number.isInteger(page) || page < 1) return badRequest("page must be 1 or more");
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MAX_PAGE_SIZE) {
    return badRequest(`pageSize must be 1 to ${MAX_PAGE_SIZE}`);
  }
  const found = select(records, query.get("conditions"));
  if (found === null) return badRequest("The conditions are invalid.");
  const sorted = found.toSorted(ordering(query.get("orderBy") ?? "id asc"));
  const last = Math.max(1, Math.ceil(sorted.length / pageSize));
  const body = sorted.slice((page - 1) * pageSize, page * pageSize).map((record) => pick(record, query.get("fields")));
  return { status: 200, ...(page < last && { headers: { link: linkHeader(request.url, page, last) } }), body };
}

function select(records: readonly PsaRecord[], conditions: string | null): readonly PsaRecord[] | null {
  if (conditions === null || conditions.trim() === "") return records;
  try {
    const matches = compileConditions(conditions);
    return records.filter((record) => matches({ ...record, dateEntered: valueAt(record, "_info/dateEntered") }));
  } catch (error) {
    if (error instanceof ConditionsError) return null;
    throw error;
  }
}

function ordering(orderBy: string): (left: PsaRecord, right: PsaRecord) => number {
  const [path = "id", direction = "asc"] = orderBy.trim().split(/\s+/);
  const sign = direction.toLowerCase() === "desc" ? -1 : 1;
  const key = path === "dateEntered" ? "_info/dateEntered" : path;
  return (left, right) => {
    const [a, b] = [valueAt(left, key), valueAt(right, key)];
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * String(a ?? "").localeCompare(String(b ?? ""), "en");
  };
}

function linkHeader(url: URL, page: number, last: number): string {
  const link = (number: number, rel: string): string => {
    const target = new URL(url);
    target.searchParams.set("page", String(number));
    return `<${target.href}>; rel="${rel}"`;
  };
  return `${link(page + 1, "next")}, ${link(last, "last")}`;
}
