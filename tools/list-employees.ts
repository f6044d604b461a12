import { z } from "zod";
import { fold } from "../src/domain/model/fold.ts";
import type { Employee } from "../src/domain/model/people.ts";
import { dateIn } from "../src/domain/model/time.ts";
import { NotFoundError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { cursorField, limitField, pageOf } from "../src/kit/fields.ts";
import { unfenced, untrusted } from "../src/kit/untrusted-text.ts";

export const listEmployees = defineTool({
  name: "list_employees",
  title: "List employees",
  description:
    "Reads the employees from the customer's HR system: counts by department and status, and a page of people. For " +
    "accounts and MFA registration use reconcile_users and list_users instead.",
  approval: "observe",
  idempotent: true,
  connectors: ["hr"],
  input: z.strictObject({
    customer: z.string().min(1).max(40).describe("Customer slug, e.g. larkfield"),
    department: z.string().max(100).optional().describe("Only this department, as HR writes it"),
    status: z
      .enum(["active", "terminated", "future", "any"])
      .default("active")
      .describe("active, terminated, future or any"),
    limit: limitField,
    cursor: cursorField,
  }),
  output: z.strictObject({
    total: z.number().int(),
    departments: z.array(z.strictObject({ department: z.string(), people: z.number().int() })),
    employees: z.array(
      z.strictObject({
        employee_id: z.string(),
        name: z.string(),
        department: z.string(),
        status: z.string(),
        work_email: z.string(),
        on_leave: z.boolean(),
      }),
    ),
    next_cursor: z.string().optional(),
    source: z.string(),
    read_at: z.string(),
  }),

  async handler(context, { customer: slug, department: named, status, limit, cursor }) {
    const department = named === undefined ? undefined : fold(unfenced(named));
    const { customer, vendor } = await context.customer(slug);
    const hr = await vendor("hr");
    const today = dateIn(customer.timeZone, context.now);
    const counts = new Map<string, number>();
    const chosen: Employee[] = [];
    for await (const employee of hr.listEmployees({ today, signal: context.signal })) {
      if (status !== "any" && employee.status !== status) continue;
      const own = employee.department ?? "(none)";
      counts.set(own, (counts.get(own) ?? 0) + 1);
      if (department === undefined || fold(own) === department) chosen.push(employee);
    }
    if (
      department !== undefined &&
      chosen.length === 0 &&
      ![...counts.keys()].some((name) => fold(name) === department)
    ) {
      throw new NotFoundError("HR has nobody in that department.", {
        nextStep: `Use one of: ${[...counts.keys()].map((name) => untrusted(name)).join(", ")}.`,
      });
    }
    chosen.sort((a, b) => a.displayName.localeCompare(b.displayName, "en") || (a.id < b.id ? -1 : 1));
    const { rows, next_cursor } = pageOf(chosen, { limit, cursor });
    return {
      total: chosen.length,
      departments: [...counts]
        .sort(([, a], [, b]) => b - a)
        .slice(0, 40)
        .map(([name, people]) => ({ department: untrusted(name), people })),
      employees: rows.map((employee) => ({
        employee_id: employee.id,
        name: untrusted(employee.displayName),
        department: untrusted(employee.department ?? "(none)"),
        status: employee.status,
        work_email: employee.workEmail ?? "",
        on_leave: employee.leave !== null && (employee.leave.from === null || employee.leave.from <= today),
      })),
      ...(next_cursor !== undefined && { next_cursor }),
      source: hr.source,
      read_at: context.now,
    };
  },

  summarize: ({ total, departments, employees, next_cursor, source }) =>
    `${total} employees (${source}): ${departments.map((row) => `${row.department} ${row.people}`).join(", ")}. ` +
    `Shown: ${employees.map(({ name }) => name).join(", ") || "none"}.${next_cursor === undefined ? "" : ` More with cursor ${next_cursor}.`}`,
});
