import { employeeId, smtpAddress } from "../../domain/model/ids.ts";
import type { Employee, Leave } from "../../domain/model/people.ts";
import { type CalendarDate, calendarDate } from "../../domain/model/time.ts";
import { leaveByTimeOff } from "../../domain/reconcile/leave.ts";
import type { Check } from "../../ports/check.ts";
import type { HrPort } from "../../ports/hr.ts";
import { ANSWER_MS } from "../http/pause.ts";
import { VendorHttp } from "../http/vendor-http.ts";
import { type AbsenceFact, readAbsences } from "./absence-report.ts";
import { REPORT_TIMES, type WorkdaySource } from "./rows.ts";
import { authorization, type WorkdayTenant } from "./sign-in.ts";
import { readWorkers, type Worker, type WorkerFact } from "./worker-report.ts";

export interface WorkdayHrOptions extends WorkdayTenant {
  /** One row for each worker, those who left and those to come included. */
  readonly workers: WorkdaySource<WorkerFact>;
  /** One row for each approved absence of a worker. */
  readonly absences: WorkdaySource<AbsenceFact>;
  /** Shortest approved absence, in days, that is a leave rather than a holiday. */
  readonly leaveMinDays: number;
}

/**
 * Employees from two reports, or two queries, of the customer's own. Workday's list of workers will not do: it has neither
 * those who left nor anybody's manager, hire date or leave. Somebody on leave is active in Workday;
 * the leave is a column of its own.
 */
export class WorkdayHr implements HrPort {
  readonly source: string;
  readonly #options: WorkdayHrOptions;
  readonly #http: VendorHttp;

  constructor(options: WorkdayHrOptions) {
    this.source = `Workday (${options.tenant})`;
    this.#options = options;
    this.#http = new VendorHttp({
      vendor: "Workday",
      baseUrl: `https://${options.host}`,
      headers: authorization(options),
      timeoutMs: (options.timeoutMs ?? ANSWER_MS) * REPORT_TIMES,
    });
  }

  async *listEmployees({ today, signal }: { today: CalendarDate; signal: AbortSignal }): AsyncGenerator<Employee> {
    const { tenant, leaveMinDays: minDays } = this.#options;
    const workers = await readWorkers(this.#http, { tenant, source: this.#options.workers, signal });
    const timeOff = await readAbsences(this.#http, { tenant, source: this.#options.absences, signal });
    const idOf = idByAddress(workers);
    const known = new Set(workers.map(({ id }) => id));
    const namesEntraId = this.#options.workers.columns.entra_employee_id !== undefined;
    for (const worker of workers) {
      const { manager_id, manager_email } = worker;
      const managerEmail = manager_email === null ? null : smtpAddress(manager_email);
      const byAddress = managerEmail === null ? undefined : idOf.get(managerEmail);
      const managerId = manager_id !== null && known.has(manager_id) ? manager_id : byAddress;
      yield {
        ...toEmployee(worker, today),
        ...(namesEntraId && { entraEmployeeId: worker.entra_employee_id }),
        managerId: managerId === undefined ? null : employeeId(managerId),
        managerEmail,
        leave: currentLeave(worker) ?? leaveByTimeOff(timeOff.get(worker.id) ?? [], { today, minDays }),
      };
    }
  }

  /** Runs both reports, because only their rows show whether their columns are those of the map. */
  checks(): readonly Check[] {
    const { tenant, workers, absences } = this.#options;
    return [
      async ({ signal }) => {
        const { length } = await readWorkers(this.#http, { tenant, source: workers, signal });
        return [{ state: "good", text: `The report of workers has every mapped column, and ${length} rows.` }];
      },
      async ({ signal }) => {
        await readAbsences(this.#http, { tenant, source: absences, signal });
        return [{ state: "good", text: "The report of absences can be read." }];
      },
    ];
  }
}

/** Whose address it is; one that two workers share is nobody's. */
function idByAddress(workers: readonly Worker[]): ReadonlyMap<string, string> {
  const byAddress = Map.groupBy(workers, ({ work_email }) => (work_email === null ? null : smtpAddress(work_email)));
  return new Map(
    [...byAddress].flatMap(([address, [owner, ...others]]) =>
      address === null || owner === undefined || others.length > 0 ? [] : [[address, owner.id]],
    ),
  );
}

function toEmployee(worker: Worker, today: CalendarDate): Omit<Employee, "managerId" | "managerEmail" | "leave"> {
  const hireDate = day(worker.hire_date);
  const gone = worker.active ? "active" : "terminated";
  return {
    id: employeeId(worker.id),
    employeeNumber: worker.employee_number,
    displayName: worker.name,
    givenName: worker.given_name,
    workEmail: worker.work_email === null ? null : smtpAddress(worker.work_email),
    department: worker.department,
    jobTitle: worker.job_title,
    // A worker hired for a later day is in some reports active already, in others not yet.
    status: hireDate !== null && hireDate > today ? "future" : gone,
    hireDate,
    terminationDate: day(worker.termination_date),
  };
}

function currentLeave({ on_leave, leave_type, leave_from, leave_until }: Worker): Leave | null {
  if (!on_leave) return null;
  const label = leave_type ?? "On leave";
  return { source: "employment_status", label, from: day(leave_from), until: day(leave_until) };
}

const day = (text: string | null): CalendarDate | null => (text === null ? null : calendarDate(text));
