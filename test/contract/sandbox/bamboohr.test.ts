import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../../src/sandbox/core/sandbox.ts";
import { bamboohr, REQUESTS_PER_MINUTE } from "../../../src/sandbox/vendors/bamboohr/bamboohr.ts";
import { BoxClient, type Reply } from "./box-client.ts";

const HOST = "https://larkfieldfoods.bamboohr.com";

describe("the simulated BambooHR", () => {
  let box: Sandbox;
  let client: BoxClient;

  beforeEach(async () => {
    box = await startSandbox({ vendors: [bamboohr] });
    client = new BoxClient(box);
  });
  afterEach(async () => {
    client.close();
    await box.close();
  });

  const basic = (key: string): string => `Basic ${Buffer.from(`${key}:x`).toString("base64")}`;

  function get(path: string, headers: Record<string, string> = { accept: "application/json" }): Promise<Reply> {
    return client.ask(`${HOST}${path}`, { headers: { authorization: basic(box.secrets.bamboohr.apiKey), ...headers } });
  }

  function query(body: unknown, dataset = "employee"): Promise<Reply> {
    return client.ask(`${HOST}/api/v2/datasets/${dataset}/data`, {
      method: "POST",
      headers: { authorization: basic(box.secrets.bamboohr.apiKey), "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  async function rows(body: unknown): Promise<Record<string, string | null>[]> {
    const { data } = JSON.parse((await query(body)).text);
    return data.map((row: { fields: Record<string, string | null> }) => row.fields);
  }

  it("refuses a wrong key with an empty body and the reason in two headers", async () => {
    const reply = await client.ask(`${HOST}/api/v1_2/datasets`, { headers: { authorization: basic("wrong") } });
    expect(reply).toMatchObject({ status: 401, text: "" });
    expect(reply.headers).toMatchObject({
      "x-bamboohr-error-message": "Unauthorized",
      "x-bamboohr-message": "Unauthorized",
    });
  });

  it("knows one company only", async () => {
    const reply = await client.ask("https://another.bamboohr.com/api/v1_2/datasets");
    expect(reply.status).toBe(404);
  });

  it("lets a client discover datasets and their field names, page by page", async () => {
    expect(JSON.parse((await get("/api/v1_2/datasets")).text)).toEqual({
      datasets: [{ name: "employee", label: "Employee" }],
    });
    const first = JSON.parse((await get("/api/v1_2/datasets/employee/fields?page_size=10")).text);
    expect(first.pagination).toMatchObject({ current_page: 1, total_pages: 2, prev_page: null });
    const second = JSON.parse(
      (await get(new URL(first.pagination.next_page).pathname + new URL(first.pagination.next_page).search)).text,
    );
    const names = [...first.fields, ...second.fields].map(({ name }: { name: string }) => name);
    expect(names).toContain("jobInformationDepartment");
    expect(names).not.toContain("workEmail");
    expect(first.fields[0]).toEqual({
      name: "eeid",
      label: "EEID",
      parentType: "page",
      parentName: "Personal",
      entityName: "personal",
    });
  });

  it("answers a query with rows, links and totals", async () => {
    const reply = await query({ fields: ["eeid", "firstName"], filter: "status eq 'Active'", pageSize: 100, page: 3 });
    const body = JSON.parse(reply.text);
    expect(body.meta).toEqual({ page: 3, pageSize: 100, totalPages: 3, totalItems: 214 });
    expect(body.data).toHaveLength(14);
    expect(body.links).toEqual({ next: null, prev: `${HOST}/api/v2/datasets/employee/data?page=2&pageSize=100` });
    expect(reply.headers["x-request-id"]).toBeDefined();
  });

  it("gives 100 rows unless asked for another page size", async () => {
    expect(await rows({ fields: ["eeid"] })).toHaveLength(100);
  });

  it("filters by comparisons, lists and parentheses", async () => {
    const filter =
      "status eq 'Active' and (jobInformationDepartment in ('IT','Finance') or employmentStatus eq 'Parental Leave')";
    const found = await rows({ fields: ["jobInformationDepartment"], filter, pageSize: 1000 });
    expect(found).toHaveLength(12 + 24 + 1);
  });

  it("orders by requested fields", async () => {
    const found = await rows({ fields: ["lastName", "eeid"], orderBy: "lastName desc, eeid asc", pageSize: 1000 });
    const names = found.map(({ lastName }) => lastName ?? "");
    expect(names).toEqual(names.toSorted().toReversed());
    expect((await query({ fields: ["eeid"], orderBy: "lastName" })).status).toBe(422);
  });

  it("shows a future hire as Inactive until the first day", async () => {
    const newHire = JSON.parse((await client.control("GET", "/world")).text).newHire;
    const read = () => rows({ fields: ["status", "hireDate"], filter: `eeid eq '${newHire.employeeId}'` });
    expect(await read()).toEqual([{ status: "Inactive", hireDate: "2026-10-12" }]);
    box.world.moveTo(Date.parse("2026-10-12T14:00:00Z"));
    expect(await read()).toEqual([{ status: "Active", hireDate: "2026-10-12" }]);
  });

  it("names supervisors by internal id, badge number and address", async () => {
    const [head] = await rows({
      fields: ["supervisorEid", "supervisorId", "supervisorEmail"],
      filter: "jobInformationJobTitle eq 'IT Manager'",
    });
    const ceo = [...box.world.employees.values()].find(({ jobTitle }) => jobTitle === "Chief Executive Officer");
    expect(head).toEqual({
      supervisorEid: ceo?.id,
      supervisorId: ceo?.employeeNumber,
      supervisorEmail: ceo?.workEmail,
    });
  });

  it.each([
    ["an unknown field", { fields: ["workEmail"] }, 422, "VALIDATION_FAILED"],
    ["no fields", {}, 400, "MISSING_PARAMETER"],
    ["a page that is too large", { fields: ["eeid"], pageSize: 1001 }, 422, "VALIDATION_FAILED"],
    ["a filter it cannot read", { fields: ["eeid"], filter: "status like 'A'" }, 422, "INVALID_FILTER"],
    ["a filter that breaks off", { fields: ["eeid"], filter: "status eq" }, 422, "INVALID_FILTER"],
    ["a filter on an unknown field", { fields: ["eeid"], filter: "department eq 'IT'" }, 422, "INVALID_FILTER"],
  ])("answers %s with a problem document", async (_what, body, status, code) => {
    const reply = await query(body);
    expect(reply.status).toBe(status);
    expect(reply.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(reply.text)).toMatchObject({ status, code });
  });

  it("answers an unknown dataset with 404, and with 422 when asked for its fields", async () => {
    expect((await query({ fields: ["eeid"] }, "pets")).status).toBe(404);
    expect((await get("/api/v1_2/datasets/pets/fields")).status).toBe(422);
  });

  it("lists who is out: all absences and holidays with the filter off", async () => {
    const { text } = await get("/api/v1/time_off/whos_out?start=2026-10-05&end=2026-10-31&filter=off");
    const entries: { type: string; name: string; employeeId?: number; start: string; end: string }[] = JSON.parse(text);
    expect(entries.map(({ start }) => start)).toEqual(entries.map(({ start }) => start).toSorted());
    expect(entries.filter(({ type }) => type === "holiday")).toEqual([
      { id: 2602, type: "holiday", name: "Columbus Day", start: "2026-10-12", end: "2026-10-12" },
    ]);
    const absences = entries.filter(({ type }) => type === "timeOff");
    expect(absences).toHaveLength(7);
    expect(absences.filter(({ end }) => end >= "2026-11-15")).toMatchObject([
      { start: "2026-09-21", end: "2026-11-20" },
    ]);
  });

  it("hides absences behind the visibility filter unless it is off", async () => {
    const entries = JSON.parse((await get("/api/v1/time_off/whos_out?start=2026-10-05&end=2026-10-31")).text);
    expect(entries.map(({ type }: { type: string }) => type)).toEqual(["holiday"]);
  });

  it("covers today and the next fourteen days when no dates are given", async () => {
    const entries = JSON.parse((await get("/api/v1/time_off/whos_out?filter=off")).text);
    expect(entries.every(({ start }: { start: string }) => start <= "2026-10-19")).toBe(true);
    expect((await get("/api/v1/time_off/whos_out?start=tomorrow")).status).toBe(400);
  });

  it("answers in XML unless asked for JSON", async () => {
    const reply = await get("/api/v1/time_off/whos_out?filter=off", {});
    expect(reply.headers["content-type"]).toContain("application/xml");
    expect(reply.text).toContain('<item type="holiday"><holiday id="2602">Columbus Day</holiday>');
  });

  it("does not share the directory", async () => {
    const reply = await get("/api/v1/employees/directory");
    expect(reply).toMatchObject({ status: 403, text: "" });
    expect(reply.headers["x-bamboohr-message"]).toContain("not shared");
  });

  it("throttles after so many requests a minute, with 503 or 429, and then serves again", async () => {
    const asked = await Promise.all(Array.from({ length: REQUESTS_PER_MINUTE }, () => get("/api/v1_2/datasets")));
    expect(asked.every(({ status }) => status === 200)).toBe(true);
    const classic = await get("/api/v1/time_off/whos_out");
    expect(classic.status).toBe(503);
    expect(classic.headers["retry-after"]).toBeDefined();
    expect((await get("/api/v1_2/datasets")).status).toBe(429);
    box.world.moveTo(box.world.now() + 61_000);
    expect((await get("/api/v1_2/datasets")).status).toBe(200);
  });

  it("dumps the records as it serves them", async () => {
    const { bamboohr: dumped } = JSON.parse((await client.control("GET", "/vendors.json")).text);
    const active = dumped.employees.filter(({ status }: { status: string }) => status === "Active");
    expect(active).toHaveLength(214);
    expect(active[0]).toMatchObject({ id: "101", department: "IT", workEmail: expect.stringContaining("@") });
    expect(active[0].supervisorEmail).toContain("@larkfieldfoods.com");
  });
});
