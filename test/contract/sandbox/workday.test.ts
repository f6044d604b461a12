import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../../src/sandbox/core/sandbox.ts";
import { workday } from "../../../src/sandbox/vendors/workday/workday.ts";
import { BoxClient } from "./box-client.ts";

describe("the simulated Workday", () => {
  let box: Sandbox;
  let client: BoxClient;
  beforeAll(async () => {
    box = await startSandbox({ vendors: [workday] });
    client = new BoxClient(box);
  });
  afterAll(async () => {
    client.close();
    await box.close();
  });

  const basic = (user: string, password: string): string =>
    `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const get = (path: string, authorization?: string) => {
    const { host, user, tenant, password } = box.secrets.workday;
    const own = basic(`${user}@${tenant}`, password);
    return client.ask(`https://${host}${path}`, { headers: { authorization: authorization ?? own } });
  };
  const report = (name: string, query = "?format=json") =>
    `/ccx/service/customreport2/${box.secrets.workday.tenant}/${box.secrets.workday.user}/${name}${query}`;
  const token = async (form: Readonly<Record<string, string>>, secret = box.secrets.workday.clientSecret) => {
    const { host, tenant, clientId } = box.secrets.workday;
    const reply = await client.ask(`https://${host}/ccx/oauth2/${tenant}/token`, {
      method: "POST",
      headers: {
        authorization: basic(clientId, secret),
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams(form).toString(),
    });
    return { status: reply.status, body: JSON.parse(reply.text) };
  };

  it("gives a report's rows as text, and leaves out what a worker has not", async () => {
    const { Report_Entry: rows } = JSON.parse((await get(report("MFA_Rollout_Workers"))).text);
    expect(rows).toHaveLength(box.world.employees.size);
    for (const row of rows) expect(Object.values(row).every((value) => typeof value === "string")).toBe(true);
    expect(rows.filter((row: object) => "Termination_Date" in row).length).toBeLessThan(rows.length);
    expect(rows.filter(({ Currently_On_Leave }: Record<string, string>) => Currently_On_Leave === "1")).toHaveLength(2);
  });

  it("answers in XML unless asked for JSON", async () => {
    expect((await get(report("MFA_Rollout_Workers", ""))).headers["content-type"]).toContain("xml");
  });

  it("knows the user only with the tenant's name, and the report only under its owner", async () => {
    const { user, password, tenant } = box.secrets.workday;
    expect((await get(report("MFA_Rollout_Workers"), basic(user, password))).status).toBe(401);
    expect((await get(report("Unknown"))).status).toBe(404);
    expect((await get(`/ccx/service/customreport2/${tenant}/other/MFA_Rollout_Workers?format=json`)).status).toBe(404);
  });

  it("grants tokens for a refresh token and for client credentials, and says what it refuses", async () => {
    const { refreshToken } = box.secrets.workday;
    expect(await token({ grant_type: "refresh_token", refresh_token: refreshToken })).toMatchObject({ status: 200 });
    expect(await token({ grant_type: "client_credentials" })).toMatchObject({ status: 200 });
    expect(await token({ grant_type: "refresh_token", refresh_token: "x" })).toMatchObject({
      status: 400,
      body: { error: "invalid_grant" },
    });
    expect(await token({ grant_type: "password" })).toMatchObject({ body: { error: "unsupported_grant_type" } });
    expect(await token({ grant_type: "client_credentials" }, "x")).toMatchObject({ status: 401 });
  });

  it("answers queries page by page, to an API client alone", async () => {
    const query = encodeURIComponent(
      "SELECT employeeID AS Id, activeStatus, costCenterName FROM allActiveAndTerminatedWorkers",
    );
    const path = `/ccx/api/wql/v1/${box.secrets.workday.tenant}/data?query=${query}&limit=1000`;
    expect((await get(path)).status).toBe(401);
    const { body } = await token({ grant_type: "client_credentials" });
    const page = JSON.parse((await get(path, `Bearer ${body.access_token}`)).text);
    expect(page).toMatchObject({ total: box.world.employees.size, data: { length: 100 } });
    expect(page.data[0]).toEqual({ Id: "101", activeStatus: true, costCenterName: { descriptor: "IT", id: "wid-IT" } });
  });

  it("throttles without saying for how long, and then serves again", async () => {
    const asked = await Promise.all(Array.from({ length: 110 }, () => get(report("MFA_Rollout_Absences"))));
    const refused = asked.find(({ status }) => status === 429);
    expect(refused?.headers["retry-after"]).toBeUndefined();
    expect(refused).toBeDefined();
    box.world.moveTo(box.world.now() + 61_000);
    expect((await get(report("MFA_Rollout_Absences"))).status).toBe(200);
  });
});
