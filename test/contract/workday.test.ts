import { describe, expect, it } from "vitest";
import { WorkdayHr, type WorkdayHrOptions } from "../../src/connectors/workday/workday-hr.ts";
import { calendarDate } from "../../src/domain/model/time.ts";
import type { VendorFactory } from "../../src/sandbox/core/vendor.ts";
import { type WorkdaySettings, workday, workdayWith } from "../../src/sandbox/vendors/workday/workday.ts";
import { startBox, type TestBox } from "../support/box.ts";
import { WORKER_COLUMNS } from "../support/other-systems.ts";
import { describeHrPort, type HrSubject } from "./hr.contract.ts";

/** The three ways in which an integration system user may sign in. */
const SIGN_INS = {
  basic: ({ user, password }) => ({ kind: "basic", user, password }),
  refresh_token: ({ clientId, clientSecret, refreshToken }) => ({
    kind: "refresh_token",
    clientId,
    clientSecret,
    refreshToken,
  }),
  client_credentials: ({ clientId, clientSecret }) => ({ kind: "client_credentials", clientId, clientSecret }),
} as const satisfies Record<string, (of: TestBox["secrets"]["workday"]) => WorkdayHrOptions["signIn"]>;

function hrOf({ secrets }: TestBox, changes: Partial<WorkdayHrOptions> = {}, columns: Record<string, string> = {}) {
  const { host, tenant, user } = secrets.workday;
  return new WorkdayHr({
    host,
    tenant,
    signIn: SIGN_INS.basic(secrets.workday),
    workers: {
      from: { kind: "report", owner: user, name: "MFA_Rollout_Workers" },
      columns: { ...WORKER_COLUMNS, ...columns },
    },
    absences: {
      from: { kind: "report", owner: user, name: "MFA_Rollout_Absences" },
      columns: { worker_id: "Employee_ID", from: "First_Day", until: "Last_Day" },
    },
    leaveMinDays: 21,
    ...changes,
  });
}

/** Queries that give the same columns as the reports. */
function queries(): Pick<WorkdayHrOptions, "workers" | "absences"> {
  const select = (columns: Readonly<Record<string, string>>, from: string): string => {
    const fields = Object.values(columns).map((alias) => {
      const field = `${alias.charAt(0).toLowerCase()}${alias.slice(1).replaceAll("_", "")}`;
      return `${field} AS ${alias}`;
    });
    return `SELECT ${fields.join(", ")} FROM ${from}`;
  };
  const absences = { worker_id: "Employee_ID", from: "First_Day", until: "Last_Day" };
  return {
    workers: {
      from: { kind: "wql", query: select(WORKER_COLUMNS, "allActiveAndTerminatedWorkers") },
      columns: WORKER_COLUMNS,
    },
    absences: { from: { kind: "wql", query: select(absences, "approvedAbsences") }, columns: absences },
  };
}

async function startWorkday(how: {
  readonly signIn: keyof typeof SIGN_INS;
  readonly source: "report" | "wql";
}): Promise<HrSubject> {
  const box = await startBox([workday]);
  return {
    hr: hrOf(box, {
      signIn: SIGN_INS[how.signIn](box.secrets.workday),
      ...(how.source === "wql" && queries()),
    }),
    box,
    vendor: "workday",
    paths: { people: "Workers", absences: "Absences" },
    // It never says when to come back.
    faults: { throttled: { kind: "status", status: 429 }, unavailable: { kind: "status", status: 500 } },
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describe.each(["basic", "refresh_token", "client_credentials"] as const)("signed in by %s", (signIn) => {
  describeHrPort(() => startWorkday({ signIn, source: "report" }));
});

describe("asked by queries", () => {
  describeHrPort(() => startWorkday({ signIn: "client_credentials", source: "wql" }));
});

const today = calendarDate("2026-10-05");
const read = (hr: WorkdayHr) => Array.fromAsync(hr.listEmployees({ today, signal: new AbortController().signal }));
const boxWith = (settings: Partial<WorkdaySettings>): readonly VendorFactory[] => [workdayWith(settings)];

describe("WorkdayHr", () => {
  it.each(["Work_Email", "Cost_Center_Name", "Currently_On_Leave", "Termination_Date", "First_Day_of_Leave"])(
    "refuses a report in which nobody has the mapped column %s, and says what to mend",
    async (column) => {
      await using box = await startBox(boxWith({ hidden: [column] }));
      await expect(read(hrOf(box))).rejects.toMatchObject({
        code: "ERR_CONFIGURATION",
        message: expect.stringContaining(column),
        nextStep: expect.stringContaining("XML aliases"),
        details: { columns: [column] },
      });
    },
  );

  it("refuses an alias that the report does not have", async () => {
    await using box = await startBox([workday]);
    await expect(read(hrOf(box, {}, { department: "Department" }))).rejects.toMatchObject({
      code: "ERR_CONFIGURATION",
      details: { columns: ["Department"] },
    });
  });

  it("does not miss the end of leave while nobody is on leave, nor a last day while nobody has left", async () => {
    await using box = await startBox(boxWith({ hidden: ["Termination_Date", "Leave_Type", "First_Day_of_Leave"] }));
    for (const [id, employee] of box.world.employees) {
      employee.employmentStatus = "Full-Time";
      if (employee.status === "Inactive") box.world.employees.delete(id);
    }
    expect((await read(hrOf(box))).length).toBeGreaterThan(200);
  });

  it.each(["list", "no key", "bare list"] as const)(
    "never takes a report of workers that is empty (%s) for a company without people",
    async (empty) => {
      await using box = await startBox(boxWith({ empty, without: ["MFA_Rollout_Workers"] }));
      await expect(read(hrOf(box))).rejects.toMatchObject({ code: "ERR_CONNECTOR_CONTRACT" });
    },
  );

  it.each(["list", "no key", "bare list"] as const)("knows that nobody need be away (%s)", async (empty) => {
    await using box = await startBox(boxWith({ empty, without: ["MFA_Rollout_Absences"] }));
    expect((await read(hrOf(box))).filter(({ leave }) => leave !== null)).toHaveLength(2);
  });

  it("tells the kind and the first day of a leave, and the span of a long absence", async () => {
    await using box = await startBox([workday]);
    const leaves = (await read(hrOf(box))).flatMap(({ leave }) => (leave === null ? [] : [leave]));
    expect(leaves.toSorted((a, b) => a.label.localeCompare(b.label))).toEqual([
      { source: "time_off", label: "Approved time off", from: "2026-09-21", until: "2026-11-20" },
      { source: "employment_status", label: "Leave of Absence", from: "2026-09-14", until: null },
      { source: "employment_status", label: "Parental Leave", from: "2026-08-17", until: null },
    ]);
  });

  it("finds managers by their address where the report has no ids of managers", async () => {
    await using box = await startBox([workday]);
    const { manager_id: _, ...columns } = WORKER_COLUMNS;
    const hr = hrOf(box, {
      workers: { from: { kind: "report", owner: box.secrets.workday.user, name: "MFA_Rollout_Workers" }, columns },
    });
    const found = new Map((await read(hr)).map(({ id, managerId }) => [String(id), managerId]));
    for (const { id, supervisorId } of box.world.employees.values()) expect(found.get(id)).toBe(supervisorId);
  });

  it("refuses a status that is neither yes nor no", async () => {
    await using box = await startBox([workday]);
    await expect(read(hrOf(box, {}, { active: "Business_Title" }))).rejects.toMatchObject({
      code: "ERR_CONNECTOR_CONTRACT",
      message: expect.stringContaining("active"),
    });
  });

  it("refuses two rows for one worker", async () => {
    await using box = await startBox([workday]);
    await expect(read(hrOf(box, {}, { id: "Cost_Center_Name" }))).rejects.toMatchObject({
      code: "ERR_CONNECTOR_CONTRACT",
      message: expect.stringContaining("more than one row"),
    });
  });

  it("tells a refused credential of an API client from a vendor that is ill", async () => {
    await using box = await startBox([workday]);
    const { clientId, clientSecret } = box.secrets.workday;
    const signIn = { kind: "refresh_token", clientId, clientSecret, refreshToken: "revoked" } as const;
    await expect(read(hrOf(box, { signIn }))).rejects.toMatchObject({ code: "ERR_CONNECTOR_AUTHENTICATION" });
  });

  it("says that the report is not there", async () => {
    await using box = await startBox([workday]);
    const workers = {
      from: { kind: "report" as const, owner: "somebody_else", name: "MFA_Rollout_Workers" },
      columns: WORKER_COLUMNS,
    };
    await expect(read(hrOf(box, { workers }))).rejects.toMatchObject({ code: "ERR_CONNECTOR_CONTRACT" });
  });

  it("gets a new token when the old one was revoked", async () => {
    await using box = await startBox([workday]);
    const hr = hrOf(box, { signIn: SIGN_INS.refresh_token(box.secrets.workday) });
    const before = await read(hr);
    await box.revokeTokens();
    expect(await read(hr)).toEqual(before);
  });

  it("says that the password is wrong, and does not show it", async () => {
    await using box = await startBox([workday]);
    const hr = hrOf(box, { signIn: { kind: "basic", user: box.secrets.workday.user, password: "not-the-password" } });
    const error: unknown = await read(hr).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "ERR_CONNECTOR_AUTHENTICATION" });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("not-the-password");
  });
});
