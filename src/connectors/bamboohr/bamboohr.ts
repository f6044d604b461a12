import { z } from "zod";
import { employeeId, smtpAddress } from "../../domain/model/ids.ts";
import type { Employee } from "../../domain/model/people.ts";
import { addDays, type CalendarDate, calendarDate } from "../../domain/model/time.ts";
import { LEAVE_HORIZON_DAYS, leaveByStatus, leaveByTimeOff, type TimeOff } from "../../domain/reconcile/leave.ts";
import type { Check } from "../../ports/check.ts";
import type { HrPort } from "../../ports/hr.ts";
import { VendorHttp } from "../http/vendor-http.ts";
import { type EmployeeFacts, findEmployeeFields, readEmployeeDataset } from "./employee-dataset.ts";
import { managerFinder } from "./manager-finder.ts";

export interface BambooHrOptions {
  /** First label of the company's host name: `larkfieldfoods` of larkfieldfoods.bamboohr.com. */
  readonly company: string;
  readonly apiKey: string;
  /** Words that mark an employment status as a leave. "leave", "sabbatical" and "furlough" unless told. */
  readonly leaveWords?: readonly string[];
  /** Shortest approved absence, in days, that is a leave rather than a holiday. 21 unless told. */
  readonly leaveMinDays?: number;
  /** Longest wait for one answer; `ANSWER_MS` unless told. */
  readonly timeoutMs?: number;
}

const LEAVE_WORDS = ["leave", "sabbatical", "furlough"] as const;
const LEAVE_MIN_DAYS = 21;

const WhosOut = z.array(
  z.discriminatedUnion("type", [
    z.object({
      type: z.literal("timeOff"),
      employeeId: z.union([z.string(), z.number()]).transform(String),
      start: z.iso.date(),
      end: z.iso.date(),
    }),
    z.object({ type: z.literal("holiday") }),
  ]),
);

/** Employees from BambooHR's employee dataset, leave from status rows and from Who's Out. */
export class BambooHr implements HrPort {
  readonly source: string;
  readonly #http: VendorHttp;
  readonly #leaveWords: readonly string[];
  readonly #leaveMinDays: number;

  constructor(options: BambooHrOptions) {
    // The key goes as the user's name with any password (BambooHR API: Authentication).
    const credential = Buffer.from(`${options.apiKey}:x`).toString("base64");
    this.source = `BambooHR (${options.company})`;
    this.#leaveWords = options.leaveWords ?? LEAVE_WORDS;
    this.#leaveMinDays = options.leaveMinDays ?? LEAVE_MIN_DAYS;
    this.#http = new VendorHttp({
      vendor: "BambooHR",
      baseUrl: `https://${options.company}.bamboohr.com`,
      headers: () => ({ Authorization: `Basic ${credential}` }),
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
    });
  }

  async *listEmployees(options: { today: CalendarDate; signal: AbortSignal }): AsyncGenerator<Employee> {
    const { today, signal } = options;
    const employees = await readEmployeeDataset(this.#http, signal);
    const timeOff = await this.#readTimeOff(today, signal);
    const findManager = managerFinder(employees);
    for (const facts of employees) {
      const byStatus = leaveByStatus({
        label: facts.employmentStatus,
        since: day(facts.employmentStatusDate),
        today,
        words: this.#leaveWords,
      });
      const daysOff = timeOff.get(facts.id) ?? [];
      const leave = byStatus ?? leaveByTimeOff(daysOff, { today, minDays: this.#leaveMinDays });
      yield { ...toEmployee(facts, today), managerId: findManager(facts), leave };
    }
  }

  checks(): readonly Check[] {
    return [
      async ({ signal }) => {
        await findEmployeeFields(this.#http, signal);
        return [
          { state: "good", text: "The key signs in, and its owner sees every field of employees that is needed." },
        ];
      },
      async ({ now, signal }) => {
        await this.#readTimeOff(calendarDate(now.slice(0, 10)), signal);
        return [{ state: "good", text: "Time off can be read." }];
      },
    ];
  }

  async #readTimeOff(today: CalendarDate, signal: AbortSignal): Promise<ReadonlyMap<string, readonly TimeOff[]>> {
    const entries = await this.#http.get("/api/v1/time_off/whos_out", {
      schema: WhosOut,
      permission: "access to Who's Out (time off) for the API key's owner",
      signal,
      // Without `filter=off` the answer holds only those whom the key's owner chose to see.
      query: { start: today, end: addDays(today, LEAVE_HORIZON_DAYS), filter: "off" },
    });
    const absences = entries.flatMap((entry) => (entry.type === "timeOff" ? [entry] : []));
    const byEmployee = Map.groupBy(absences, (entry) => entry.employeeId);
    const toTimeOff = ({ start, end }: (typeof absences)[number]): TimeOff => ({
      from: calendarDate(start),
      until: calendarDate(end),
    });
    return new Map([...byEmployee].map(([id, own]) => [id, own.map(toTimeOff)]));
  }
}

const day = (text: string | null): CalendarDate | null => (text === null ? null : calendarDate(text));

function toEmployee(facts: EmployeeFacts, today: CalendarDate): Omit<Employee, "managerId" | "leave"> {
  const givenName = facts.preferredName ?? facts.firstName;
  const hireDate = day(facts.hireDate);
  // Someone hired who has not started is Inactive too; only the hire date tells them from those who left.
  const inactive = hireDate !== null && hireDate > today ? "future" : "terminated";
  return {
    id: employeeId(facts.id),
    employeeNumber: facts.employeeNumber,
    displayName: [givenName, facts.lastName].filter((name) => name !== null).join(" "),
    givenName,
    workEmail: facts.workEmail === null ? null : smtpAddress(facts.workEmail),
    department: facts.department,
    jobTitle: facts.jobTitle,
    status: facts.status === "Active" ? "active" : inactive,
    hireDate,
    terminationDate: day(facts.terminationDate),
    managerEmail: facts.supervisorEmail === null ? null : smtpAddress(facts.supervisorEmail),
  };
}
