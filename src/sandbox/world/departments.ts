import type { CompanyProfile } from "./company-profile.ts";

/**
 * How many of `employees` each department has, by name; the sizes add up to `employees`.
 * The largest remainders get what rounding down leaves over.
 */
export function departmentSizes(
  { departments, employees: usual }: Pick<CompanyProfile, "departments" | "employees">,
  employees: number,
): ReadonlyMap<string, number> {
  const exact = departments.map(({ name, share }) => ({ name, size: (employees * share) / usual }));
  const sizes = new Map(exact.map(({ name, size }) => [name, Math.floor(size)]));
  let left = employees - [...sizes.values()].reduce((sum, size) => sum + size, 0);
  for (const { name } of exact.toSorted((one, other) => (other.size % 1) - (one.size % 1))) {
    if (left === 0) break;
    sizes.set(name, (sizes.get(name) ?? 0) + 1);
    left -= 1;
  }
  return sizes;
}
