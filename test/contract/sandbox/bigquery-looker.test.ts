import { createSign } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../../src/sandbox/core/sandbox.ts";
import { bigquery } from "../../../src/sandbox/vendors/bigquery/bigquery.ts";
import { googleLogin } from "../../../src/sandbox/vendors/google-login/google-login.ts";
import { looker } from "../../../src/sandbox/vendors/looker/looker.ts";
import { BoxClient } from "./box-client.ts";

let box: Sandbox;
let client: BoxClient;
beforeAll(async () => {
  box = await startSandbox({ vendors: [googleLogin, bigquery, looker] });
  client = new BoxClient(box);
});
afterAll(async () => {
  client.close();
  await box.close();
});

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
async function googleToken(scope = "https://www.googleapis.com/auth/bigquery"): Promise<string> {
  const { clientEmail, privateKeyPem } = box.secrets.gmail;
  const iat = Math.floor(Date.now() / 1_000);
  const claims = { iss: clientEmail, scope, aud: "https://oauth2.googleapis.com/token", iat, exp: iat + 3_600 };
  const signed = `${part({ alg: "RS256" })}.${part(claims)}`;
  const assertion = `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKeyPem, "base64url")}`;
  const form = new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });
  const reply = await client.ask("https://oauth2.googleapis.com/token", { method: "POST", body: form.toString() });
  return JSON.parse(reply.text).access_token;
}
async function ask(method: string, path: string, asked: { body?: string; type?: string; scope?: string } = {}) {
  const headers = {
    authorization: `Bearer ${await googleToken(asked.scope)}`,
    "content-type": asked.type ?? "application/json",
  };
  const reply = await client.ask(`https://bigquery.googleapis.com${path}`, {
    method,
    headers,
    ...(asked.body !== undefined && { body: asked.body }),
  });
  return { status: reply.status, body: JSON.parse(reply.text) };
}
const project = () => `/bigquery/v2/projects/${box.secrets.bigquery.projectId}`;
const tables = () => `${project()}/datasets/${box.secrets.bigquery.dataset}/tables`;
function load(jobId: string, rows: readonly unknown[], tableId = "t") {
  const { projectId, dataset: datasetId } = box.secrets.bigquery;
  const job = {
    jobReference: { projectId, jobId },
    configuration: {
      load: { destinationTable: { projectId, datasetId, tableId }, sourceFormat: "NEWLINE_DELIMITED_JSON" },
    },
  };
  const data = rows.map((row) => JSON.stringify(row)).join("\n");
  const body = `--b\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(job)}\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n${data}\r\n--b--`;
  const path = `/upload${project()}/jobs?uploadType=multipart`;
  return ask("POST", path, { body, type: "multipart/related; boundary=b" });
}
const job = async (id: string, location = "US") => ask("GET", `${project()}/jobs/${id}?location=${location}`);
const settle = (): void => box.world.moveTo(box.world.now() + 2_000);

describe("the simulated BigQuery", () => {
  const table = { tableReference: { tableId: "t" }, schema: { fields: [{ name: "n", type: "INTEGER" }] } };

  it("needs a token with a scope of its own", async () => {
    const answer = await ask("GET", `${tables()}/t`, { scope: "https://www.googleapis.com/auth/gmail.compose" });
    expect(answer).toMatchObject({ status: 403, body: { error: { errors: [{ reason: "accessDenied" }] } } });
  });

  it("makes a table once", async () => {
    expect((await ask("GET", `${tables()}/t`)).status).toBe(404);
    expect((await ask("POST", tables(), { body: JSON.stringify(table) })).status).toBe(200);
    expect((await ask("POST", tables(), { body: JSON.stringify(table) })).status).toBe(409);
    expect((await ask("GET", `${project()}/datasets/other/tables/t`)).status).toBe(404);
  });

  it("runs a load job for a while, shows it in its own location, and takes its id once", async () => {
    expect((await load("one", [{ n: 1 }, { n: 2 }])).body.status).toEqual({ state: "RUNNING" });
    expect((await load("one", [{ n: 3 }])).status).toBe(409);
    settle();
    expect((await job("one")).body).toMatchObject({
      status: { state: "DONE" },
      statistics: { endTime: expect.stringMatching(/^\d+$/) },
    });
    expect((await job("one", "EU")).status).toBe(404);
    expect((await ask("GET", `${tables()}/t`)).body.numRows).toBe("2");
  });

  it("loads all rows or none, and spends the id of a job that failed", async () => {
    await load("bad", [{ n: 4 }, { n: "five" }]);
    await load("nowhere", [{ n: 4 }], "missing");
    settle();
    expect((await job("bad")).body.status).toMatchObject({ state: "DONE", errorResult: { reason: "invalid" } });
    expect((await job("nowhere")).body.status.errorResult.reason).toBe("notFound");
    expect((await load("bad", [{ n: 4 }])).status).toBe(409);
    expect((await ask("GET", `${tables()}/t`)).body.numRows).toBe("2");
  });
});

describe("the simulated Looker", () => {
  const call = async (method: string, path: string, asked: { token?: string; body?: string } = {}) => {
    const headers = asked.token === undefined ? {} : { authorization: `token ${asked.token}` };
    const reply = await client.ask(`https://${box.secrets.looker.host}/api/4.0${path}`, {
      method,
      headers,
      ...(asked.body !== undefined && { body: asked.body }),
    });
    return { status: reply.status, body: JSON.parse(reply.text) };
  };
  const login = async (secret = box.secrets.looker.clientSecret) => {
    const form = new URLSearchParams({ client_id: box.secrets.looker.clientId, client_secret: secret });
    return call("POST", "/login", { body: form.toString() });
  };

  it("gives a token for a known key, and says Not found for another", async () => {
    expect(await login()).toMatchObject({ status: 200, body: { token_type: "Bearer" } });
    expect((await login("x")).status).toBe(404);
    expect((await call("GET", "/datagroups")).status).toBe(401);
  });

  it("triggers a datagroup as of a moment that is not in the future", async () => {
    const token = (await login()).body.access_token;
    const found = (await call("GET", "/datagroups", { token })).body.find(
      ({ name }: { name: string }) => name === "mfa_enrolment",
    );
    const now = Math.floor(box.world.now() / 1_000);
    const trigger = (at: number) =>
      call("PATCH", `/datagroups/${found.id}`, { token, body: JSON.stringify({ triggered_at: at }) });
    expect((await trigger(now + 3_600)).status).toBe(422);
    expect(await trigger(now)).toMatchObject({ status: 200, body: { triggered_at: now } });
    expect((await call("PATCH", "/datagroups/99", { token, body: "{}" })).status).toBe(404);
  });
});
