import { z } from "zod";
import type { Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { Employee, World } from "../../world/world.ts";
import { problem } from "./answers.ts";
import { EMPLOYEE_FIELDS } from "./dataset-fields.ts";
import { FilterError, parseFilter } from "./dataset-filter.ts";

const DATASET = { name: "employee", label: "Employee" } as const;
const FIELDS_BY_NAME = new Map(EMPLOYEE_FIELDS.map((field) => [field.name, field]));
const LARGEST_PAGE = 1000;

const DataRequest = z.object({
  fields: z.array(z.string()).min(1),
  filter: z.string().nullish(),
  orderBy: z.string().nullish(),
  page: z.int().min(1).default(1),
  pageSize: z.int().min(1).max(LARGEST_PAGE).default(100),
});
type DataRequest = z.output<typeof DataRequest>;

/** The dataset endpoints: discovery and query. */
export function datasetRoutes(world: World): readonly Route[] {
  return [
    // BambooHR API reference, "List Datasets (v1.2)"
    { method: "GET", path: "/api/v1_2/datasets", handle: () => ({ status: 200, body: { datasets: [DATASET] } }) },
    // BambooHR API reference, "Get Fields from Dataset (v1.2)"
    {
      method: "GET",
      path: "/api/v1_2/datasets/:name/fields",
      handle: (request, { name }) => listFields(request, name),
    },
    // BambooHR API reference, "Get Data from Dataset (v2)"
    {
      method: "POST",
      path: "/api/v2/datasets/:name/data",
      handle: (request, { name }) => queryData(world, request, name),
    },
  ];
}

function listFields(request: VendorRequest, dataset: string | undefined): VendorResponse {
  if (dataset !== DATASET.name) {
    return problem(422, { code: "DATASET_NOT_FOUND", detail: "The specified dataset name was not found." });
  }
  const query = request.url.searchParams;
  const pageSize = Math.min(positive(query.get("page_size")) ?? 500, LARGEST_PAGE);
  const pages = Math.ceil(EMPLOYEE_FIELDS.length / pageSize);
  const page = Math.min(positive(query.get("page")) ?? 1, pages);
  const linkTo = (number: number): string | null =>
    number >= 1 && number <= pages
      ? `${request.url.origin}${request.url.pathname}?page=${number}&page_size=${pageSize}`
      : null;
  return {
    status: 200,
    body: {
      pagination: {
        total_records: EMPLOYEE_FIELDS.length,
        current_page: page,
        total_pages: pages,
        next_page: linkTo(page + 1),
        prev_page: linkTo(page - 1),
      },
      ...DATASET,
      fields: EMPLOYEE_FIELDS.slice((page - 1) * pageSize, page * pageSize).map(({ value: _value, ...field }) => field),
    },
  };
}

function queryData(world: World, request: VendorRequest, dataset: string | undefined): VendorResponse {
  if (dataset !== DATASET.name) return problem(404, { code: "NOT_FOUND", detail: "The dataset does not exist." });
  const body = readJson(request);
  if (body === undefined) return problem(400, { code: "MALFORMED_REQUEST", detail: "The request body must be JSON." });
  const parsed = DataRequest.safeParse(body);
  if (!parsed.success) return invalid(parsed.error);
  const query = parsed.data;
  const unknown = query.fields.filter((name) => !FIELDS_BY_NAME.has(name));
  if (unknown.length > 0) {
    return problem(422, {
      code: "VALIDATION_FAILED",
      detail: "One or more fields are not part of the dataset.",
      fields: Object.fromEntries(unknown.map((name) => [name, "unknown field"])),
    });
  }
  const order = readOrder(world, query);
  if (order === undefined) {
    return problem(422, { code: "VALIDATION_FAILED", detail: "orderBy may name only requested fields, asc or desc." });
  }
  try {
    const filter = query.filter ? parseFilter(query.filter, new Set(FIELDS_BY_NAME.keys())) : () => true;
    const found = [...world.employees.values()].filter((employee) =>
      filter((field) => valueIn(world, employee, field)),
    );
    return pageOf(world, { found: found.toSorted(order), query, url: request.url });
  } catch (error) {
    if (error instanceof FilterError) return problem(422, { code: "INVALID_FILTER", detail: error.message });
    throw error;
  }
}

function valueIn(world: World, employee: Employee, field: string): string | null {
  return FIELDS_BY_NAME.get(field)?.value(employee, world) ?? null;
}

/** Pages beyond the last show the last one, as the older dataset endpoints do. */
function pageOf(
  world: World,
  { found, query, url }: { readonly found: readonly Employee[]; readonly query: DataRequest; readonly url: URL },
): VendorResponse {
  const { fields, page, pageSize } = query;
  const totalPages = Math.max(1, Math.ceil(found.length / pageSize));
  const shown = Math.min(page, totalPages);
  const linkTo = (number: number): string | null =>
    number >= 1 && number <= totalPages ? `${url.origin}${url.pathname}?page=${number}&pageSize=${pageSize}` : null;
  const rows = found.slice((shown - 1) * pageSize, shown * pageSize);
  return {
    status: 200,
    body: {
      data: rows.map((employee) => ({
        // The published contract has text in every field.
        fields: Object.fromEntries(fields.map((field) => [field, valueIn(world, employee, field) ?? ""])),
      })),
      links: { next: linkTo(shown + 1), prev: linkTo(shown - 1) },
      meta: { page: shown, pageSize, totalPages, totalItems: found.length },
    },
  };
}

/** How employees are ordered, or `undefined` for a rule that cannot be followed. */
function readOrder(
  world: World,
  { orderBy, fields }: DataRequest,
): ((one: Employee, other: Employee) => number) | undefined {
  const rules = (orderBy ?? "")
    .split(",")
    .map((rule) => rule.trim())
    .filter((rule) => rule !== "")
    .map((rule) => /^(\w+)(?:\s+(asc|desc))?$/i.exec(rule));
  if (rules.some((rule) => rule === null || !fields.includes(rule[1] ?? ""))) return undefined;
  return (one, other) => {
    for (const rule of rules) {
      const field = rule?.[1] ?? "";
      const sign = rule?.[2]?.toLowerCase() === "desc" ? -1 : 1;
      const [left, right] = [valueIn(world, one, field) ?? "", valueIn(world, other, field) ?? ""];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  };
}

function invalid(error: z.ZodError): VendorResponse {
  const fields = Object.fromEntries(error.issues.map((issue) => [issue.path.join("."), issue.message]));
  // Without a field list there is no query at all; a value out of bounds is a query that fails validation.
  if ("fields" in fields) return problem(400, { code: "MISSING_PARAMETER", detail: "fields is required.", fields });
  return problem(422, { code: "VALIDATION_FAILED", detail: "One or more parameters are invalid.", fields });
}

function readJson({ headers, body }: VendorRequest): unknown {
  if (!headers["content-type"]?.startsWith("application/json")) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function positive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}
