import type { Employee, World } from "../../world/world.ts";

/** A field of the dataset `employee`: how discovery describes it and what it holds. */
export interface DatasetField {
  readonly name: string;
  readonly label: string;
  readonly parentType: "page" | "table";
  readonly parentName: string;
  readonly entityName: string;
  readonly value: (employee: Employee, world: World) => string | null;
}

const personal = { parentType: "page", parentName: "Personal", entityName: "personal" } as const;
const job = { parentType: "table", parentName: "Job Information", entityName: "jobInformation" } as const;
const employment = { parentType: "table", parentName: "Employment Status", entityName: "employmentStatus" } as const;

/**
 * The names differ from the classic ones (`email`, not `workEmail`), which is why a client has to discover them.
 * `supervisorEid` is the supervisor's internal id, `supervisorId` the number on the badge.
 *
 * @see BambooHR API reference, "Get Fields from Dataset (v1.2)"
 */
export const EMPLOYEE_FIELDS: readonly DatasetField[] = [
  { ...personal, name: "eeid", label: "EEID", value: ({ id }) => id },
  { ...personal, name: "employeeNumber", label: "Employee #", value: (employee) => employee.employeeNumber },
  { ...personal, name: "firstName", label: "First Name", value: ({ firstName }) => firstName },
  { ...personal, name: "lastName", label: "Last Name", value: ({ lastName }) => lastName },
  { ...personal, name: "preferredName", label: "Preferred Name", value: ({ preferredName }) => preferredName },
  { ...personal, name: "status", label: "Status", value: ({ status }) => status },
  { ...personal, name: "email", label: "Work Email", value: ({ workEmail }) => workEmail },
  { ...personal, name: "hireDate", label: "Hire Date", value: ({ hireDate }) => hireDate },
  { ...personal, name: "terminationDate", label: "Termination Date", value: (employee) => employee.terminationDate },
  {
    ...employment,
    name: "employmentStatus",
    label: "Employment Status",
    value: (employee) => employee.employmentStatus,
  },
  {
    ...employment,
    name: "employmentStatusEffectiveDate",
    label: "Employment Status: Date",
    value: (employee) => employee.employmentStatusSince,
  },
  { ...job, name: "jobInformationJobTitle", label: "Job Title", value: ({ jobTitle }) => jobTitle },
  { ...job, name: "jobInformationDepartment", label: "Department", value: ({ department }) => department },
  { ...job, name: "jobInformationDivision", label: "Division", value: ({ division }) => division },
  { ...job, name: "jobInformationLocation", label: "Location", value: ({ location }) => location },
  { ...job, name: "supervisorEid", label: "Supervisor EID", value: ({ supervisorId }) => supervisorId },
  { ...job, name: "supervisorId", label: "Supervisor ID", value: (...of) => supervisor(...of)?.employeeNumber ?? null },
  {
    ...job,
    name: "supervisorName",
    label: "Supervisor Name",
    value: (...of) => {
      const found = supervisor(...of);
      return found === undefined ? null : `${found.lastName}, ${found.firstName}`;
    },
  },
  {
    ...job,
    name: "supervisorEmail",
    label: "Supervisor Email",
    value: (...of) => supervisor(...of)?.workEmail ?? null,
  },
];

function supervisor({ supervisorId }: Employee, world: World): Employee | undefined {
  return supervisorId === null ? undefined : world.employees.get(supervisorId);
}
