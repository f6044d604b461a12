import { describe, expect, it } from "vitest";
import { powerBi, powerBiWith } from "../../../src/sandbox/vendors/power-bi/power-bi.ts";
import { at, list, openTenant, POWER_BI, SECRETS, text } from "./microsoft-tenant.ts";

const DATASETS = `/v1.0/myorg/groups/${SECRETS.powerBi.workspaceId}/datasets`;
const DATASET = {
  name: "MFA rollout",
  defaultMode: "Push",
  tables: [
    {
      name: "Enrolment",
      columns: [
        { name: "department", dataType: "String" },
        { name: "capable", dataType: "Int64" },
      ],
    },
  ],
};

async function openDataset(make = powerBi, query = "") {
  const tenant = openTenant(make, POWER_BI);
  const made = await tenant.asApp("POST", `${DATASETS}${query}`, { body: DATASET });
  expect(made.status).toBe(201);
  const path = `${DATASETS}/${text(made.body, "id")}`;
  const post = (rows: unknown) => tenant.asApp("POST", `${path}/tables/Enrolment/rows`, { body: { rows } });
  const rows = () => list(tenant.vendor.dump(), "powerBi/datasets/0/tables/Enrolment/rows");
  return { tenant, path, post, rows };
}

describe("push datasets of the simulated Power BI", () => {
  it("keep rows in the order in which they came", async () => {
    const { post, rows } = await openDataset();
    expect((await post([{ department: "IT", capable: 3 }])).status).toBe(200);
    expect((await post([{ department: "Sales", capable: 4 }])).status).toBe(200);
    expect(rows()).toEqual([
      { department: "IT", capable: 3 },
      { department: "Sales", capable: 4 },
    ]);
  });

  it("may share a name", async () => {
    const { tenant } = await openDataset();
    expect((await tenant.asApp("POST", DATASETS, { body: DATASET })).status).toBe(201);
    expect(list((await tenant.asApp("GET", DATASETS)).body, "value")).toHaveLength(2);
  });

  it.each([
    ["an unknown column", [{ department: "IT", people: 1 }]],
    ["a value of the wrong type", [{ department: "IT", capable: "3" }]],
    ["text of 4001 characters", [{ department: "x".repeat(4_001) }]],
    ["10,001 rows", Array.from({ length: 10_001 }, () => ({ capable: 1 }))],
  ])("refuse %s and keep nothing", async (_what, wrong) => {
    const { post, rows } = await openDataset();
    expect((await post([{ capable: 1 }, ...wrong])).status).toBe(400);
    expect(rows()).toEqual([]);
  });

  it("take 120 posts a minute", async () => {
    const { tenant, post } = await openDataset();
    for (let sent = 0; sent < 120; sent += 1) expect((await post([{ capable: 1 }])).status).toBe(200);
    expect(await post([{ capable: 1 }])).toMatchObject({ status: 429, headers: { "Retry-After": "60" } });
    tenant.pass(60_000);
    expect((await post([{ capable: 1 }])).status).toBe(200);
  });

  it("lose the oldest rows beyond 200,000 under basicFIFO", async () => {
    const { post, rows } = await openDataset(powerBi, "?defaultRetentionPolicy=basicFIFO");
    const block = (capable: number) => Array.from({ length: 10_000 }, () => ({ capable }));
    for (let sent = 0; sent <= 20; sent += 1) expect((await post(block(sent))).status).toBe(200);
    expect(rows()).toHaveLength(200_000);
    expect(rows()[0]).toEqual({ capable: 1 });
  });

  it("lose every row by a deletion, which knows no filter", async () => {
    const { tenant, path, post, rows } = await openDataset();
    await post([{ capable: 1 }]);
    expect((await tenant.asApp("DELETE", `${path}/tables/Enrolment/rows`)).status).toBe(200);
    expect(rows()).toEqual([]);
  });

  it("are read by a query alone, where the tenant allows queries", async () => {
    const query = { queries: [{ query: `EVALUATE FILTER('Enrolment', 'Enrolment'[department] = "it")` }] };
    const { tenant, path, post } = await openDataset();
    await post([{ department: "IT", capable: 3 }, { department: "Sales" }]);
    const answer = await tenant.asApp("POST", `${path}/executeQueries`, { body: query });
    expect(at(answer.body, "results/0/tables/0/rows")).toEqual([
      { "Enrolment[department]": "IT", "Enrolment[capable]": 3 },
    ]);
    const closed = await openDataset(powerBiWith({ executeQueries: false }));
    const refused = await closed.tenant.asApp("POST", `${closed.path}/executeQueries`, { body: query });
    expect(refused.status).toBe(403);
  });

  it("are not created after October 2027", async () => {
    const tenant = openTenant(powerBi, POWER_BI);
    tenant.pass(Date.parse("2027-11-01T00:00:00Z") - tenant.world.now());
    expect((await tenant.asApp("POST", DATASETS, { body: DATASET })).status).toBe(400);
  });

  it("belong to a workspace that the app is in", async () => {
    const tenant = openTenant(powerBi, POWER_BI);
    expect((await tenant.asApp("GET", "/v1.0/myorg/datasets")).status).toBe(403);
    const other = "/v1.0/myorg/groups/33333333-3333-4333-8333-333333333333/datasets";
    expect((await tenant.asApp("GET", other)).status).toBe(404);
    const stranger = await tenant.asApp("GET", DATASETS, { headers: { authorization: "Bearer other" } });
    expect(stranger).toMatchObject({ status: 403, body: { error: { code: "TokenExpired" } } });
  });
});
