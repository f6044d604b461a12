import { z } from "zod";
import type { VendorHttp } from "../http/vendor-http.ts";
import { type Facts, nameOf, readRows, requireColumns, type WorkdaySource } from "./rows.ts";

const FACTS = [
  "id",
  "employee_number",
  "entra_employee_id",
  "name",
  "given_name",
  "work_email",
  "department",
  "job_title",
  "active",
  "hire_date",
  "termination_date",
  "manager_id",
  "manager_email",
  "on_leave",
  "leave_type",
  "leave_from",
  "leave_until",
] as const;
export type WorkerFact = (typeof FACTS)[number];

/** Reports give yes and no as their author has chosen: 1 and 0, words, or a worker's status. */
const YES = new Set(["1", "true", "yes", "y", "active", "on leave"]);
const NO = new Set(["0", "false", "no", "n", "inactive", "terminated", "not on leave"]);
const Flag = z.string().transform((text, context) => {
  const word = text.toLowerCase();
  if (YES.has(word) || NO.has(word)) return YES.has(word);
  context.addIssue({ code: "custom", message: "neither yes nor no" });
  return z.NEVER;
});
/** A day, with the time or the offset that Workday adds in some fields. */
export const Day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}($|T|[+-]\d{2}:\d{2}$|Z$)/)
  .transform((text) => text.slice(0, 10))
  .pipe(z.iso.date());
const Words = z.string().nullable();

const Worker = z.object({
  id: z.string().min(1),
  employee_number: Words,
  entra_employee_id: Words,
  name: z.string(),
  given_name: Words,
  work_email: Words,
  department: Words,
  job_title: Words,
  active: Flag,
  hire_date: Day.nullable(),
  termination_date: Day.nullable(),
  manager_id: Words,
  manager_email: Words,
  on_leave: Flag,
  leave_type: Words,
  leave_from: Day.nullable(),
  leave_until: Day.nullable(),
});
/** One worker as the source has it; `null` is a fact without a value. */
export type Worker = z.output<typeof Worker>;

/** Every worker of the source. A company without workers, or two rows for one, is a wrong source. */
export async function readWorkers(
  http: VendorHttp,
  call: { readonly tenant: string; readonly source: WorkdaySource<WorkerFact>; readonly signal: AbortSignal },
): Promise<readonly Worker[]> {
  const { source } = call;
  const rows = await readRows(http, { ...call, facts: FACTS });
  if (rows.length === 0) throw http.errors.contract(`the ${nameOf(source)} without a single worker`);
  checkColumns(rows, source);
  const workers = new Map<string, Worker>();
  for (const row of rows) {
    const parsed = Worker.safeParse(row);
    if (!parsed.success) {
      const fact = parsed.error.issues[0]?.path.map(String).join(".") ?? "";
      throw http.errors.contract(`a worker without a usable ${fact}`, { fact, source: nameOf(source) });
    }
    if (workers.has(parsed.data.id)) throw http.errors.contract("more than one row for a worker");
    workers.set(parsed.data.id, parsed.data);
  }
  return [...workers.values()];
}

/** Facts of those who have left, and of those who are on leave, are looked for with them alone. */
function checkColumns(rows: readonly Facts<WorkerFact>[], source: WorkdaySource<WorkerFact>): void {
  const ofLeavers: readonly WorkerFact[] = ["termination_date"];
  const ofLeave: readonly WorkerFact[] = ["leave_type", "leave_from", "leave_until"];
  const ofAll = FACTS.filter((fact) => !ofLeavers.includes(fact) && !ofLeave.includes(fact));
  requireColumns(rows, source, ofAll);
  requireColumns(
    rows.filter(({ active }) => NO.has(active?.toLowerCase() ?? "")),
    source,
    ofLeavers,
  );
  requireColumns(
    rows.filter(({ on_leave }) => YES.has(on_leave?.toLowerCase() ?? "")),
    source,
    ofLeave,
  );
}
