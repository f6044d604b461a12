import { describe, expect, it } from "vitest";
import { BambooHr, type BambooHrOptions } from "../../src/connectors/bamboohr/bamboohr.ts";
import { calendarDate } from "../../src/domain/model/time.ts";
import type { VendorFactory, VendorRequest, VendorResponse } from "../../src/sandbox/core/vendor.ts";
import { startBox } from "../support/box.ts";

type Row = Readonly<Record<string, string | null>>;

const FIELDS = [
  "eeid",
  "employeeNumber",
  "firstName",
  "lastName",
  "workEmail",
  "department",
  "jobTitle",
  "status",
  "employmentStatus",
  "employmentStatusDate",
  "hireDate",
  "terminationDate",
  "supervisorId",
  "supervisorEmail",
];
const ada: Row = {
  eeid: "1",
  employeeNumber: "900",
  firstName: "Ada",
  lastName: "Lovelace",
  workEmail: "Ada@Acme.example",
  department: "Engineering",
  jobTitle: "Analyst",
  status: "Active",
  employmentStatus: "Full-Time",
  employmentStatusDate: "2020-01-06",
  hireDate: "2020-01-06",
  terminationDate: "0000-00-00",
  supervisorId: "",
  supervisorEmail: null,
};

interface Company {
  readonly rows: readonly Row[];
  readonly fields?: readonly string[];
  readonly whosOut?: readonly unknown[];
  /** Answers a page of data instead of the usual one. */
  readonly page?: (request: VendorRequest) => VendorResponse;
}

/** A BambooHR that holds just what a test needs: oddities that the default company does not have. */
function bamboo({ rows, fields = FIELDS, whosOut = [], page }: Company): VendorFactory {
  const data = rows.map((row) => ({ fields: row }));
  const meta = { page: 1, pageSize: 1_000, totalPages: 1, totalItems: rows.length };
  return () => ({
    name: "bamboohr",
    hosts: ["*.bamboohr.com"],
    routes: [
      {
        method: "GET",
        path: "/api/v1_2/datasets",
        handle: () => ok({ datasets: [{ name: "goals" }, { name: "employee" }] }),
      },
      {
        method: "GET",
        path: "/api/v1_2/datasets/employee/fields",
        handle: () => ok({ fields: fields.map((name) => ({ name })), pagination: { total_pages: 1 } }),
      },
      {
        method: "POST",
        path: "/api/v2/datasets/employee/data",
        handle: (request) => page?.(request) ?? ok({ data, links: { next: null }, meta }),
      },
      { method: "GET", path: "/api/v1/time_off/whos_out", handle: () => ok(whosOut) },
    ],
    notFound: () => ({ status: 404 }),
    htmlPage: "<html></html>",
    failure: (status) => ({ status }),
    dump: () => ({}),
  });
}

const ok = (body: unknown): VendorResponse => ({ status: 200, body });
const off = (start: string, end: string) => ({ id: 1, type: "timeOff", employeeId: 1, name: "Ada", start, end });

async function read(company: Company, options: Partial<BambooHrOptions> = {}) {
  await using _box = await startBox([bamboo(company)]);
  const hr = new BambooHr({ company: "acme", apiKey: "key", ...options });
  const today = calendarDate("2026-10-05");
  return await Array.fromAsync(hr.listEmployees({ today, signal: new AbortController().signal }));
}

describe("BambooHr and what companies make of BambooHR", () => {
  it("takes a day of zeros and an empty text as no value", async () => {
    const [employee] = await read({ rows: [ada] });
    expect(employee).toMatchObject({ terminationDate: null, managerId: null, managerEmail: null, status: "active" });
    expect(employee).toMatchObject({ workEmail: "ada@acme.example", hireDate: "2020-01-06" });
  });

  it("finds a field by the name that this company's dataset gives it", async () => {
    const { workEmail = null, department = null, ...rest } = ada;
    const row = { ...rest, email: workEmail, jobInformationDepartment: department };
    const [employee] = await read({ rows: [row], fields: Object.keys(row) });
    expect(employee).toMatchObject({ workEmail: "ada@acme.example", department: "Engineering" });
  });

  it("refuses a dataset without a field that it needs", async () => {
    const fields = FIELDS.filter((name) => name !== "department");
    await expect(read({ rows: [ada], fields })).rejects.toThrow("without a field for department");
  });

  it("needs the supervisor's id or address, not both", async () => {
    const { supervisorEmail: _email, ...byId }: Row = { ...ada, supervisorId: "1" };
    const [employee] = await read({ rows: [byId], fields: Object.keys(byId) });
    expect(employee).toMatchObject({ managerId: "1", managerEmail: null });
    const { supervisorId: _id, ...neither } = byId;
    await expect(read({ rows: [neither], fields: Object.keys(neither) })).rejects.toThrow("for the supervisor");
  });

  it("refuses a row that lacks a field asked for, which is how a forbidden field looks", async () => {
    const { hireDate: _left, ...row } = ada;
    await expect(read({ rows: [row] })).rejects.toMatchObject({
      code: "ERR_CONNECTOR_CONTRACT",
      details: { path: "hireDate" },
    });
  });

  it("refuses fewer employees than were counted", async () => {
    const meta = { page: 1, pageSize: 1_000, totalPages: 1, totalItems: 2 };
    await expect(read({ rows: [], page: () => ok({ data: [{ fields: ada }], meta }) })).rejects.toMatchObject({
      code: "ERR_CONNECTOR_CONTRACT",
      details: { got: 1, counted: 2 },
    });
  });

  it("reads every page", async () => {
    const page = ({ body }: VendorRequest) => {
      const { page } = JSON.parse(body.toString());
      const meta = { page, pageSize: 1, totalPages: 3, totalItems: 3 };
      return ok({ data: [{ fields: { ...ada, eeid: String(page) } }], meta });
    };
    expect((await read({ rows: [], page })).map(({ id }) => id)).toEqual(["1", "2", "3"]);
  });

  it("tells someone hired from someone gone, both inactive, by the hire date", async () => {
    const rows = [
      { ...ada, status: "Inactive", hireDate: "2026-10-06" },
      { ...ada, eeid: "2", status: "Inactive", hireDate: "2026-10-05" },
    ];
    expect((await read({ rows })).map(({ status }) => status)).toEqual(["future", "terminated"]);
  });

  it("knows a manager by employee number when the address says so", async () => {
    const grace = { ...ada, eeid: "2", employeeNumber: "1", workEmail: "grace@acme.example" };
    const rows = [ada, grace, { ...ada, eeid: "3", supervisorId: "1", supervisorEmail: "Grace@acme.example" }];
    expect((await read({ rows }))[2]).toMatchObject({ managerId: "2", managerEmail: "grace@acme.example" });
  });

  it("guesses no manager when id and number name two people", async () => {
    const grace = { ...ada, eeid: "2", employeeNumber: "1" };
    const rows = [ada, grace, { ...ada, eeid: "3", supervisorId: "1" }];
    expect((await read({ rows }))[2]).toMatchObject({ managerId: null });
  });

  it("takes a status row as leave by the company's own words", async () => {
    const rows = [{ ...ada, employmentStatus: "Elternzeit" }];
    expect((await read({ rows }))[0]?.leave).toBeNull();
    expect((await read({ rows }, { leaveWords: ["elternzeit"] }))[0]?.leave).toEqual({
      source: "employment_status",
      label: "Elternzeit",
      from: "2020-01-06",
      until: null,
    });
  });

  it.each([
    ["a holiday of two weeks", [off("2026-10-05", "2026-10-18")], null],
    ["exactly 21 days", [off("2026-10-05", "2026-10-25")], "2026-10-25"],
    [
      "three weeks booked one by one",
      [off("2026-10-19", "2026-10-25"), off("2026-10-05", "2026-10-09"), off("2026-10-12", "2026-10-16")],
      "2026-10-25",
    ],
    ["two holidays a week apart", [off("2026-10-05", "2026-10-16"), off("2026-10-26", "2026-11-06")], null],
    ["a long absence that is over", [off("2026-08-01", "2026-10-04")], null],
    ["a public holiday", [{ id: 2, type: "holiday", name: "Day", start: "2026-10-05", end: "2026-11-05" }], null],
  ])("judges time off: %s", async (_name, whosOut, until) => {
    const [employee] = await read({ rows: [ada], whosOut });
    expect(employee?.leave?.until ?? null).toBe(until);
  });
});
