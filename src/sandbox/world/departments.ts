import { SMALLEST_WHOLE_COMPANY } from "./cast.ts";

/** A department of the company; the first person is its head, people with reports are managers. */
export interface Department {
  readonly name: string;
  /** Employees of the default company, out of 214. */
  readonly share: number;
  readonly division: string;
  readonly head: string;
  readonly manager: string;
  readonly staff: readonly [string, ...string[]];
  /** Share of its people who are registered for MFA when the story begins. */
  readonly registered: number;
}

export const DEFAULT_EMPLOYEES = 214;

/** The company is run from Operations: its head is the CEO. */
export const CEO_DEPARTMENT = "Operations";

export const DEPARTMENTS: readonly Department[] = [
  {
    name: "IT",
    share: 12,
    division: "Corporate",
    head: "IT Manager",
    manager: "IT Team Lead",
    staff: ["Systems Administrator", "Support Technician", "Network Engineer"],
    registered: 0.85,
  },
  {
    name: "Sales",
    share: 58,
    division: "Commercial",
    head: "VP Sales",
    manager: "Regional Sales Manager",
    staff: ["Account Executive", "Key Account Manager", "Sales Coordinator"],
    registered: 0.45,
  },
  {
    name: "Engineering",
    share: 71,
    division: "Production",
    head: "VP Engineering",
    manager: "Engineering Manager",
    staff: ["Process Engineer", "Controls Engineer", "Food Technologist", "Maintenance Engineer"],
    registered: 0.45,
  },
  {
    name: CEO_DEPARTMENT,
    share: 49,
    division: "Production",
    head: "Chief Executive Officer",
    manager: "Shift Manager",
    staff: ["Line Supervisor", "Warehouse Associate", "Dispatch Coordinator"],
    registered: 0.38,
  },
  {
    name: "Finance",
    share: 24,
    division: "Corporate",
    head: "Chief Financial Officer",
    manager: "Controller",
    staff: ["Accountant", "Payroll Specialist", "Financial Analyst"],
    registered: 0.45,
  },
];

/** IT of a company that is too small for all departments. */
const SMALL_IT = 3;

/**
 * How many of `employees` each department has, by name; the sizes add up to `employees`.
 * The largest remainders get what rounding down leaves over.
 */
export function departmentSizes(employees: number): ReadonlyMap<string, number> {
  if (employees < SMALLEST_WHOLE_COMPANY) {
    return new Map([
      ["IT", SMALL_IT],
      ["Sales", employees - SMALL_IT],
    ]);
  }
  const exact = DEPARTMENTS.map(({ name, share }) => ({ name, size: (employees * share) / DEFAULT_EMPLOYEES }));
  const sizes = new Map(exact.map(({ name, size }) => [name, Math.floor(size)]));
  let left = employees - [...sizes.values()].reduce((sum, size) => sum + size, 0);
  for (const { name } of exact.toSorted((one, other) => (other.size % 1) - (one.size % 1))) {
    if (left === 0) break;
    sizes.set(name, (sizes.get(name) ?? 0) + 1);
    left -= 1;
  }
  return sizes;
}
