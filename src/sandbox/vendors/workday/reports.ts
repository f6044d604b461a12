import type { Employee, World } from "../../world/world.ts";

export type Row = Readonly<Record<string, string>>;
type Value = (employee: Employee, world: World) => string | null;

const isOnLeave = ({ employmentStatus }: Employee): boolean => /leave/i.test(employmentStatus);
const shownName = ({ preferredName, firstName }: Employee): string => preferredName ?? firstName;
const manager = ({ supervisorId }: Employee, { employees }: World): Employee | undefined =>
  supervisorId === null ? undefined : employees.get(supervisorId);

const dated = (day: string | null, { profile }: World): string | null =>
  day === null ? null : `${day}${profile.systems.workday.dateSuffix}`;

/** What a report of workers can tell. Yes and no are "1" and "0"; somebody on leave is active. */
const WORKER_FACTS: Readonly<Record<string, Value>> = {
  id: ({ id }) => id,
  number: ({ employeeNumber }) => employeeNumber,
  name: (employee) => `${shownName(employee)} ${employee.lastName}`,
  givenName: shownName,
  email: ({ workEmail }) => workEmail,
  department: ({ department }) => department,
  organisation: ({ department, division }) => `${division} / ${department}`,
  title: ({ jobTitle }) => jobTitle,
  active: ({ status }) => (status === "Active" ? "1" : "0"),
  hired: ({ hireDate }, world) => dated(hireDate, world),
  left: ({ terminationDate }, world) => dated(terminationDate, world),
  managerId: ({ supervisorId }) => supervisorId,
  managerEmail: (...of) => manager(...of)?.workEmail ?? null,
  onLeave: (employee) => (isOnLeave(employee) ? "1" : "0"),
  leaveType: (employee) => (isOnLeave(employee) ? employee.employmentStatus : null),
  leaveFrom: (employee, world) => (isOnLeave(employee) ? dated(employee.employmentStatusSince, world) : null),
};

/** The reports that the ISU owns, by name. Whoever has no value has no such key in the row. */
export const REPORTS: Readonly<Record<string, (world: World) => readonly Row[]>> = {
  MFA_Rollout_Workers: (world) => {
    const columns = Object.entries(world.profile.systems.workday.workers);
    return [...world.employees.values()].map((employee) =>
      rowOf(columns.map(([fact, alias]) => [alias, WORKER_FACTS[fact]?.(employee, world) ?? null])),
    );
  },
  MFA_Rollout_Absences: (world) => {
    const { worker, from, until } = world.profile.systems.workday.absences;
    return world.timeOff.map(({ employeeId, start, end }) =>
      rowOf([
        [worker, employeeId],
        [from, dated(start, world)],
        [until, dated(end, world)],
      ]),
    );
  },
};

const rowOf = (pairs: readonly (readonly [string, string | null])[]): Row =>
  Object.fromEntries(pairs.flatMap(([alias, value]) => (value === null ? [] : [[alias, value]])));
