import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Employee } from "../../src/domain/model/people.ts";
import { calendarDate } from "../../src/domain/model/time.ts";
import type { HrPort } from "../../src/ports/hr.ts";
import type { FaultRule, TestBox } from "../support/box.ts";
import { READ_FAULTS, type ReadFault } from "../support/vendor-faults.ts";

/** An employee as the company itself knows it. */
interface KnownEmployee {
  readonly id: string;
  readonly active: boolean;
  readonly department: string;
  readonly workEmail: string | null;
  readonly managerId: string | null;
}

/** The default company on 5 October 2026, beside the simulated HR system of one vendor. */
export interface HrSubject extends AsyncDisposable {
  readonly hr: HrPort;
  readonly box: TestBox;
  /** The HR system, as the box calls it, and where it is asked for what. */
  readonly vendor: string;
  readonly paths: { readonly people: string; readonly absences: string };
  /** Faults that this vendor shows in its own way. */
  readonly faults: Partial<Record<ReadFault, FaultRule>>;
}

/** The next read of this part fails so, `times` times in a row. */
const fail = (subject: HrSubject, part: "people" | "absences", kind: ReadFault, times = 1) =>
  subject.box.fail({
    vendor: subject.vendor,
    path: subject.paths[part],
    times,
    ...READ_FAULTS[kind],
    ...subject.faults[kind],
  });

const People = z.array(z.object({ employeeId: z.string() }));
const Facts = z.object({
  exceptions: z.object({ onLeave: People }),
  onVacation: People,
  newHire: z.object({ employeeId: z.string() }),
});

/** What the company itself knows: everybody, and the ids of those on leave, on a short holiday, and of who starts later. */
function companyOf({ world }: TestBox) {
  const { exceptions, onVacation, newHire } = Facts.parse(world.dump());
  return {
    known: [...world.employees.values()].map(
      ({ id, status, department, workEmail, supervisorId }): KnownEmployee => ({
        id,
        active: status === "Active",
        department,
        workEmail,
        managerId: supervisorId,
      }),
    ),
    onLeave: exceptions.onLeave.map(({ employeeId }) => employeeId),
    onVacation: onVacation.map(({ employeeId }) => employeeId),
    notStarted: newHire.employeeId,
  };
}

const today = calendarDate("2026-10-05");
const read = (hr: HrPort, signal = new AbortController().signal): Promise<readonly Employee[]> =>
  Array.fromAsync(hr.listEmployees({ today, signal }));

/** What every HR system promises. */
export function describeHrPort(start: () => Promise<HrSubject>): void {
  describe("HrPort", () => {
    it("yields every employee once, those gone and those to come included", async () => {
      await using subject = await start();
      const employees = await read(subject.hr);
      expect(employees.map(({ id }) => id).toSorted()).toEqual(
        companyOf(subject.box)
          .known.map(({ id }) => id)
          .toSorted(),
      );
    });

    it("says who is active, gone or not yet there", async () => {
      await using subject = await start();
      const employees = await read(subject.hr);
      const active = employees.filter(({ status }) => status === "active").map(({ id }) => String(id));
      expect(active.toSorted()).toEqual(
        companyOf(subject.box)
          .known.filter((one) => one.active)
          .map(({ id }) => id)
          .toSorted(),
      );
      expect(employees.find(({ id }) => id === companyOf(subject.box).notStarted)?.status).toBe("future");
      const gone = employees.filter(({ status }) => status === "terminated");
      expect(gone.length).toBeGreaterThan(0);
      expect(gone.every(({ terminationDate }) => terminationDate !== null)).toBe(true);
    });

    it("gives each employee's department, folded address and manager", async () => {
      await using subject = await start();
      const employees = new Map((await read(subject.hr)).map((one) => [String(one.id), one]));
      for (const { id, department, workEmail, managerId } of companyOf(subject.box).known) {
        const address = workEmail?.toLowerCase() ?? null;
        expect(employees.get(id)).toMatchObject({ department, workEmail: address, managerId });
      }
    });

    it("finds those on leave and no holiday maker", async () => {
      await using subject = await start();
      const onLeave = (await read(subject.hr)).filter(({ leave }) => leave !== null).map(({ id }) => String(id));
      expect(onLeave.toSorted()).toEqual(companyOf(subject.box).onLeave.toSorted());
      expect(companyOf(subject.box).onVacation.length).toBeGreaterThan(0);
    });

    it.each([
      ["people", "truncated"],
      ["people", "html"],
      ["people", "unavailable"],
      ["people", "lost_answer"],
      ["people", "throttled"],
      ["absences", "truncated"],
      ["absences", "html"],
      ["absences", "throttled"],
    ] as const)("survives one read of %s that is %s", async (part, fault) => {
      await using subject = await start();
      await fail(subject, part, fault);
      expect(await read(subject.hr)).toHaveLength(companyOf(subject.box).known.length);
    });

    it.each([
      ["people", "html", "ERR_CONNECTOR_CONTRACT"],
      ["people", "unavailable", "ERR_CONNECTOR_UNAVAILABLE"],
      ["people", "truncated", "ERR_CONNECTOR_UNAVAILABLE"],
      ["people", "unauthorized", "ERR_CONNECTOR_AUTHENTICATION"],
      ["people", "forbidden", "ERR_CONNECTOR_PERMISSION"],
      ["absences", "forbidden", "ERR_CONNECTOR_PERMISSION"],
    ] as const)("never takes a lasting fault for an empty list: %s, %s", async (part, fault, code) => {
      await using subject = await start();
      await fail(subject, part, fault, 4);
      await expect(read(subject.hr)).rejects.toMatchObject({ code });
    });

    it("stops when the caller has given up", async () => {
      await using subject = await start();
      await expect(read(subject.hr, AbortSignal.abort())).rejects.toMatchObject({ code: "ERR_CANCELLED" });
    });
  });
}
