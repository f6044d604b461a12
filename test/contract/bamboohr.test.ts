import { describe, expect, it } from "vitest";
import { z } from "zod";
import { BambooHr } from "../../src/connectors/bamboohr/bamboohr.ts";
import { calendarDate } from "../../src/domain/model/time.ts";
import { bamboohr } from "../../src/sandbox/vendors/bamboohr/bamboohr.ts";
import { type FaultRule, startBox } from "../support/box.ts";
import { describeHrPort, type HrFault, type HrSubject } from "./hr.contract.ts";

const FAULTS: Readonly<Record<HrFault, FaultRule>> = {
  truncated: { kind: "truncated" },
  html: { kind: "html" },
  unavailable: { kind: "status", status: 502 },
  lost: { kind: "lost_answer" },
  throttled: { kind: "status", status: 503, retryAfterSeconds: 1 },
  forbidden: { kind: "status", status: 403 },
  unauthorized: { kind: "status", status: 401 },
};
const PATHS = { people: "/api/v2/datasets/", absences: "/time_off/" } as const;

const People = z.array(z.object({ employeeId: z.string() }));
const Facts = z.object({
  exceptions: z.object({ onLeave: People }),
  onVacation: People,
  newHire: z.object({ employeeId: z.string() }),
});

async function startBambooHr(): Promise<HrSubject> {
  const box = await startBox([bamboohr]);
  const { exceptions, onVacation, newHire } = Facts.parse(box.world.dump());
  return {
    hr: new BambooHr(box.secrets.bamboohr),
    known: [...box.world.employees.values()].map(({ id, status, department, workEmail, supervisorId }) => ({
      id,
      active: status === "Active",
      department,
      workEmail,
      managerId: supervisorId,
    })),
    onLeave: exceptions.onLeave.map(({ employeeId }) => employeeId),
    onVacation: onVacation.map(({ employeeId }) => employeeId),
    notStarted: newHire.employeeId,
    fail: (part, kind, times = 1) => box.fail({ vendor: "bamboohr", path: PATHS[part], times, ...FAULTS[kind] }),
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describeHrPort(startBambooHr);

describe("BambooHr", () => {
  it("says so when the key is wrong, and does not show it", async () => {
    await using box = await startBox([bamboohr]);
    const hr = new BambooHr({ company: box.secrets.bamboohr.company, apiKey: "not-the-key" });
    const reading = Array.fromAsync(
      hr.listEmployees({ today: calendarDate("2026-10-05"), signal: new AbortController().signal }),
    );
    const error: unknown = await reading.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "ERR_CONNECTOR_AUTHENTICATION" });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("not-the-key");
  });
});
