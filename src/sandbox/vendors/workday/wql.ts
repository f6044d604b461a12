import type { VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { World } from "../../world/world.ts";
import { REPORTS, type Row } from "./reports.ts";

/** Data sources by name, and the report whose rows they share. */
const SOURCES: Readonly<Record<string, string>> = {
  allActiveAndTerminatedWorkers: "MFA_Rollout_Workers",
  approvedAbsences: "MFA_Rollout_Absences",
};
/** Fewer than a client may ask for, so that the pages of a small company are several. */
const LARGEST_PAGE = 100;
/** Facts that are yes or no, and facts that are an object of their own. */
const FLAGS = ["active", "onLeave"];
const INSTANCES = ["department", "managerId"];

/**
 * Answers `SELECT field AS alias, … FROM source`. Unlike RaaS, WQL gives yes and no as such, and an instance as an object.
 * Names of sources and fields are this tenant's: the query is the customer's business.
 *
 * @see Workday REST API, "WQL": GET /ccx/api/wql/v1/{tenant}/data
 */
export function answerQuery(world: World, { url }: VendorRequest): VendorResponse {
  const found = /^\s*SELECT\s+(.+?)\s+FROM\s+(\w+)\s*$/is.exec(url.searchParams.get("query") ?? "");
  const rows = REPORTS[SOURCES[found?.[2] ?? ""] ?? ""]?.(world);
  if (found === null || rows === undefined) return invalid("The query cannot be read.");
  const columns = (found[1] ?? "").split(",").map((part) => {
    const [field = "", alias = field] = part.trim().split(/\s+AS\s+/i);
    return { field, alias };
  });
  const limit = Math.min(Number(url.searchParams.get("limit") ?? LARGEST_PAGE), LARGEST_PAGE);
  const offset = Number(url.searchParams.get("offset") ?? 0);
  if (!(limit > 0) || !(offset >= 0)) return invalid("limit or offset is not valid.");
  const data = rows.slice(offset, offset + limit).map((row) => {
    const fields = fieldsOf(row, world);
    return Object.fromEntries(columns.flatMap(({ field, alias }) => (field in fields ? [[alias, fields[field]]] : [])));
  });
  return { status: 200, body: { total: rows.length, data } };
}

function fieldsOf(row: Row, { profile }: World): Readonly<Record<string, unknown>> {
  const factOf = new Map(Object.entries(profile.systems.workday.workers).map(([fact, alias]) => [alias, fact]));
  const pairs = Object.entries(row).map(([alias, value]): [string, unknown] => {
    const field = `${alias.charAt(0).toLowerCase()}${alias.slice(1).replaceAll("_", "")}`;
    const fact = factOf.get(alias) ?? "";
    if (FLAGS.includes(fact)) return [field, value === "1"];
    return [field, INSTANCES.includes(fact) ? { descriptor: value, id: `wid-${value}` } : value];
  });
  return Object.fromEntries(pairs);
}

const invalid = (error: string): VendorResponse => ({ status: 400, body: { error, code: "A1001" } });
