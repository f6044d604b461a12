import { z } from "zod";
import type { VendorHttp } from "../http/vendor-http.ts";

/**
 * The field names that mean each fact, best first: those of the datasets, then the classic ones. A company's dataset
 * has a part of them only, so they are looked up first (BambooHR API: Get Fields from Dataset v1.2).
 */
const FIELD_NAMES = {
  id: ["eeid", "employeeId", "id"],
  employeeNumber: ["employeeNumber"],
  firstName: ["firstName"],
  lastName: ["lastName"],
  preferredName: ["preferredName"],
  workEmail: ["workEmail", "email"],
  department: ["department", "jobInformationDepartment"],
  jobTitle: ["jobTitle", "jobInformationJobTitle"],
  status: ["status"],
  employmentStatus: ["employmentStatus", "employmentStatusStatus", "employmentHistoryStatus"],
  employmentStatusDate: ["employmentStatusDate", "employmentStatusEffectiveDate", "employmentHistoryStatusDate"],
  hireDate: ["hireDate"],
  terminationDate: ["terminationDate"],
  supervisorId: ["supervisorEId", "supervisorId"],
  supervisorEmail: ["supervisorEmail"],
} as const;
type Fact = keyof typeof FIELD_NAMES;
// Object.keys of a literal gives its own keys.
const FACTS = Object.keys(FIELD_NAMES) as readonly Fact[];

/** Facts that a company may well not keep. Any other that is missing would make the list wrong, not just poorer. */
const OPTIONAL: ReadonlySet<Fact> = new Set([
  "employeeNumber",
  "preferredName",
  "employmentStatusDate",
  "supervisorId",
  "supervisorEmail",
]);

const Text = z.union([z.string(), z.number()]).transform((value) => String(value).trim());
const Words = Text.nullable().transform((text) => text || null);
/** Absent dates come as null, as nothing or as a day of zeros. */
const Day = z
  .union([z.iso.date(), z.literal(""), z.literal("0000-00-00"), z.null()])
  .transform((text) => (text === "" || text === "0000-00-00" ? null : text));

const EmployeeFacts = z.object({
  id: Text.pipe(z.string().min(1)),
  employeeNumber: Words,
  firstName: Words,
  lastName: Words,
  preferredName: Words,
  workEmail: Words,
  department: Words,
  jobTitle: Words,
  status: z.enum(["Active", "Inactive"]),
  employmentStatus: Words,
  employmentStatusDate: Day,
  hireDate: Day,
  terminationDate: Day,
  supervisorId: Words,
  supervisorEmail: Words,
});
/** One employee as BambooHR's dataset has it; `null` is a fact without a value. */
export type EmployeeFacts = z.output<typeof EmployeeFacts>;

const Datasets = z.object({ datasets: z.array(z.object({ name: z.string() })) });
const Fields = z.object({
  fields: z.array(z.object({ name: z.string() })),
  pagination: z.object({ total_pages: z.number().optional(), totalPages: z.number().optional() }).optional(),
});
const Page = z.object({
  data: z.array(z.object({ fields: z.record(z.string(), z.unknown()) })),
  meta: z.object({ page: z.number(), totalPages: z.number(), totalItems: z.number() }),
});
const PAGE_SIZE = 1_000;
const PERMISSION = "access to the employee dataset (reports) for the API key's owner";

/**
 * Every employee of the company, inactive ones included, read whole: the number of distinct ids must be what BambooHR
 * says, because a short page would make people vanish.
 */
export async function readEmployeeDataset(http: VendorHttp, signal: AbortSignal): Promise<readonly EmployeeFacts[]> {
  const { dataset, fieldOf } = await findEmployeeFields(http, signal);
  const employees = new Map<string, EmployeeFacts>();
  for (let page = 1, totalPages = 1, totalItems = 0; page <= totalPages; page += 1) {
    const { data, meta } = await http.query(`/api/v2/datasets/${encodeURIComponent(dataset)}/data`, {
      schema: Page,
      permission: PERMISSION,
      signal,
      body: { fields: [...fieldOf.values()], page, pageSize: PAGE_SIZE },
    });
    if (meta.page !== page) throw http.errors.contract("with another page than the one asked for");
    if (page > 1 && meta.totalItems !== totalItems)
      throw http.errors.contract("with a list that changed while we read");
    ({ totalPages, totalItems } = meta);
    for (const { fields } of data) {
      const facts = readFacts(http, fields, fieldOf);
      employees.set(facts.id, facts);
    }
    if (page >= totalPages && employees.size !== totalItems) {
      throw http.errors.contract("with fewer employees than it counted", { got: employees.size, counted: totalItems });
    }
  }
  return [...employees.values()];
}

/** Where the facts are. @throws {ConnectorContractError} the key's owner cannot see one that must be there. */
export async function findEmployeeFields(http: VendorHttp, signal: AbortSignal) {
  const dataset = await findDataset(http, signal);
  return { dataset, fieldOf: await findFields(http, dataset, signal) };
}

async function findDataset(http: VendorHttp, signal: AbortSignal): Promise<string> {
  const { datasets } = await http.get("/api/v1_2/datasets", { schema: Datasets, permission: PERMISSION, signal });
  const found = datasets.find(({ name }) => /^employees?$/i.test(name));
  if (found === undefined) throw http.errors.contract("without a dataset of employees", { permission: PERMISSION });
  return found.name;
}

async function findFields(http: VendorHttp, dataset: string, signal: AbortSignal): Promise<ReadonlyMap<Fact, string>> {
  const names = new Map<string, string>();
  for (let page = 1, totalPages = 1; page <= totalPages; page += 1) {
    const answer = await http.get(`/api/v1_2/datasets/${encodeURIComponent(dataset)}/fields`, {
      schema: Fields,
      permission: PERMISSION,
      signal,
      query: { page, page_size: PAGE_SIZE },
    });
    totalPages = answer.pagination?.total_pages ?? answer.pagination?.totalPages ?? 1;
    for (const { name } of answer.fields) names.set(name.toLowerCase(), name);
  }
  const fieldOf = new Map<Fact, string>();
  for (const fact of FACTS) {
    const name = FIELD_NAMES[fact].map((candidate) => names.get(candidate.toLowerCase())).find(Boolean);
    if (name !== undefined) fieldOf.set(fact, name);
    else if (!OPTIONAL.has(fact)) throw http.errors.contract(`without a field for ${fact}`, { permission: PERMISSION });
  }
  if (!fieldOf.has("supervisorId") && !fieldOf.has("supervisorEmail")) {
    throw http.errors.contract("without a field for the supervisor", { permission: PERMISSION });
  }
  return fieldOf;
}

/** A field that was asked for and is not there is a field that the key may not see: an error, never "no value". */
function readFacts(
  http: VendorHttp,
  fields: Readonly<Record<string, unknown>>,
  fieldOf: ReadonlyMap<Fact, string>,
): EmployeeFacts {
  const facts = FACTS.map((fact) => {
    const name = fieldOf.get(fact);
    return [fact, name === undefined ? null : fields[name]];
  });
  const parsed = EmployeeFacts.safeParse(Object.fromEntries(facts));
  if (parsed.success) return parsed.data;
  const fact = parsed.error.issues[0]?.path.map(String).join(".");
  throw http.errors.contract(`an employee without a usable ${fact}`, { path: fact, permission: PERMISSION });
}
