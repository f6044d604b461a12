import { type EmployeeId, employeeId, smtpAddress } from "../../domain/model/ids.ts";
import type { EmployeeFacts } from "./employee-dataset.ts";

type Person = Pick<EmployeeFacts, "id" | "employeeNumber" | "workEmail" | "supervisorId" | "supervisorEmail">;

/**
 * Gives the function that finds an employee's manager among all employees. BambooHR's documents disagree on whether
 * a supervisor's id is an employee id or an employee number, so both are tried: the address decides, and where it
 * cannot, two different answers give none.
 */
export function managerFinder(all: readonly Person[]): (employee: Person) => EmployeeId | null {
  const byId = new Map(all.map((person) => [person.id, person]));
  const byNumber = new Map(all.flatMap((person) => (person.employeeNumber ? [[person.employeeNumber, person]] : [])));
  const byAddress = Map.groupBy(all, (person) => fold(person.workEmail));

  return ({ supervisorId, supervisorEmail }) => {
    const candidates = supervisorId === null ? [] : [byId.get(supervisorId), byNumber.get(supervisorId)];
    const address = fold(supervisorEmail);
    const addressed = address === null ? [] : (byAddress.get(address) ?? []);
    const found = new Set(candidates.filter((person) => person !== undefined));
    const agreeing =
      addressed.length === 0 ? [...found] : addressed.filter((one) => found.size === 0 || found.has(one));
    const [manager, ...others] = agreeing;
    return manager === undefined || others.length > 0 ? null : employeeId(manager.id);
  };
}

const fold = (address: string | null): string | null => (address === null ? null : smtpAddress(address));
