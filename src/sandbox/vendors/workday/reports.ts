import type { Employee, World } from "../../world/world.ts";

export type Row = Readonly<Record<string, string>>;
type Column = readonly [alias: string, value: (employee: Employee, world: World) => string | null];

const isOnLeave = ({ employmentStatus }: Employee): boolean => /leave/i.test(employmentStatus);
const shownName = ({ preferredName, firstName }: Employee): string => preferredName ?? firstName;
const manager = ({ supervisorId }: Employee, { employees }: World): Employee | undefined =>
  supervisorId === null ? undefined : employees.get(supervisorId);

/**
 * Columns of the report of workers under the XML aliases that its author has typed. Yes and no are "1" and "0";
 * somebody on leave is active. Whoever has no value has no such key in the row.
 */
const WORKER_COLUMNS: readonly Column[] = [
  ["Employee_ID", ({ id }) => id],
  ["Badge_No", ({ employeeNumber }) => employeeNumber],
  ["Full_Name", (employee) => `${shownName(employee)} ${employee.lastName}`],
  ["Preferred_First_Name", shownName],
  ["Work_Email", ({ workEmail }) => workEmail],
  ["Cost_Center_Name", ({ department }) => department],
  ["Supervisory_Organization", ({ department, division }) => `${division} / ${department}`],
  ["Business_Title", ({ jobTitle }) => jobTitle],
  ["Active_Status", ({ status }) => (status === "Active" ? "1" : "0")],
  ["Hire_Date", ({ hireDate }) => hireDate],
  ["Termination_Date", ({ terminationDate }) => terminationDate],
  ["Manager_ID", ({ supervisorId }) => supervisorId],
  ["Manager_Email", (...of) => manager(...of)?.workEmail ?? null],
  ["Currently_On_Leave", (employee) => (isOnLeave(employee) ? "1" : "0")],
  ["Leave_Type", (employee) => (isOnLeave(employee) ? employee.employmentStatus : null)],
  ["First_Day_of_Leave", (employee) => (isOnLeave(employee) ? employee.employmentStatusSince : null)],
];

/** The reports that the ISU owns, by name. */
export const REPORTS: Readonly<Record<string, (world: World) => readonly Row[]>> = {
  MFA_Rollout_Workers: (world) =>
    [...world.employees.values()].map((employee) =>
      rowOf(WORKER_COLUMNS.map(([alias, value]) => [alias, value(employee, world)])),
    ),
  MFA_Rollout_Absences: ({ timeOff }) =>
    timeOff.map(({ employeeId, start, end }) =>
      rowOf([
        ["Employee_ID", employeeId],
        ["First_Day", start],
        ["Last_Day", end],
      ]),
    ),
};

const rowOf = (pairs: readonly (readonly [string, string | null])[]): Row =>
  Object.fromEntries(pairs.flatMap(([alias, value]) => (value === null ? [] : [[alias, value]])));
