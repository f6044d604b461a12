import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../../src/sandbox/core/sandbox.ts";
import { ConditionsError, compileConditions } from "../../../src/sandbox/vendors/connectwise/conditions.ts";
import { connectwise } from "../../../src/sandbox/vendors/connectwise/connectwise.ts";
import { BoxClient } from "./box-client.ts";

const API = "https://api-na.myconnectwise.net/v2026_3/apis/3.0";

let box: Sandbox;
let client: BoxClient;

beforeAll(async () => {
  box = await startSandbox({ vendors: [connectwise] });
  client = new BoxClient(box);
});
afterAll(async () => {
  client.close();
  await box.close();
});

function headers(changes: { readonly user?: string; readonly key?: string; readonly clientid?: string } = {}) {
  const { companyId, publicKey, privateKey, clientId } = box.secrets.connectwise;
  const { user = `${companyId}+${publicKey}`, key = privateKey, clientid = clientId } = changes;
  return {
    authorization: `Basic ${Buffer.from(`${user}:${key}`).toString("base64")}`,
    ...(clientid !== "" && { clientid }),
    "content-type": "application/json",
  };
}

async function call(method: string, path: string, body?: unknown) {
  const url = path.startsWith("https:") ? path : `${API}${path}`;
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const reply = await client.ask(url, { method, headers: headers(), ...text });
  return { status: reply.status, headers: reply.headers, json: JSON.parse(reply.text) };
}

const query = (path: string, parameters: Readonly<Record<string, string>>) =>
  call("GET", `${path}?${new URLSearchParams(parameters)}`);

const newTicket = (fields: Readonly<Record<string, unknown>> = {}) =>
  call("POST", "/service/tickets", {
    summary: "MFA",
    company: { identifier: box.secrets.connectwise.customer },
    ...fields,
  });

async function newProject() {
  const { json: boards } = await query("/service/boards", { conditions: 'name = "Projects"' });
  const { json: companies } = await query("/company/companies", {
    conditions: `identifier = "${box.secrets.connectwise.customer}"`,
  });
  const project = {
    name: "MFA",
    board: { id: boards[0].id },
    company: { id: companies[0].id },
    billingMethod: "ActualRates",
    estimatedStart: "2026-10-05T00:00:00Z",
    estimatedEnd: "2026-10-31T00:00:00Z",
  };
  return (await call("POST", "/project/projects", project)).json;
}

describe("ConnectWise's doors", () => {
  it.each([
    { name: "a missing clientId", changes: { clientid: "" }, status: 403 },
    { name: "a wrong key", changes: { key: "x" }, status: 401 },
    { name: "a wrong company, as if nothing were there", changes: { user: "other+key" }, status: 404 },
  ])("answers $name with $status", async ({ changes, status }) => {
    const reply = await client.ask(`${API}/system/info`, { headers: headers(changes) });
    expect(reply.status).toBe(status);
  });

  it("wants the api- prefix", async () => {
    const reply = await call("GET", "https://na.myconnectwise.net/v4_6_release/apis/3.0/system/info");
    expect(reply).toMatchObject({ status: 403, json: { code: "Security", message: "SSL is required." } });
  });

  it("tells the release of a company without being shown a key", async () => {
    const reply = await client.ask("https://na.myconnectwise.net/login/companyinfo/brightpath");
    expect(JSON.parse(reply.text)).toMatchObject({ Codebase: "v2026_3/", SiteUrl: "api-na.myconnectwise.net" });
  });

  it("answers under the release's name and under the lasting one", async () => {
    expect((await call("GET", "/system/info")).status).toBe(200);
    expect((await call("GET", API.replace("v2026_3", "v4_6_release").concat("/system/info"))).status).toBe(200);
  });
});

describe("ConnectWise's lists", () => {
  it("gives 25 a page unless asked, with links to the next and the last", async () => {
    for (let n = 0; n < 30; n += 1) await newTicket({ summary: `page ${n}` });
    const first = await query("/service/tickets", { conditions: 'summary like "page *"' });
    expect(first.json).toHaveLength(25);
    const next = /<([^>]+)>; rel="next"/.exec(String(first.headers.link))?.[1] ?? "";
    const second = await call("GET", next);
    expect(second.json).toHaveLength(5);
    expect(second.headers.link).toBeUndefined();
  });

  it.each([{ pageSize: "1001" }, { page: "0" }, { conditions: "summary contains MFA" }, { conditions: "(id > 1" }])(
    "refuses %j",
    async (parameters) => {
      expect((await query("/service/tickets", parameters)).status).toBe(400);
    },
  );

  it("shows the fields asked for, and _info only then", async () => {
    const { json } = await query("/service/tickets", { fields: "id,board/name", pageSize: "1" });
    expect(json).toEqual([{ id: expect.any(Number), board: { name: "Service Desk" } }]);
  });

  it("finds tickets by when they were entered", async () => {
    const { json } = await query("/service/tickets", {
      conditions: "dateEntered >= [2026-08-01T00:00:00Z] and dateEntered < [2026-09-01T00:00:00Z]",
      fields: "summary",
    });
    expect(json).toEqual([{ summary: "Printer on 2nd floor out of toner" }]);
  });
});

describe("ConnectWise's tickets", () => {
  it("keeps the first text as a note and never returns it", async () => {
    const made = await newTicket({ initialDescription: "Please help." });
    expect(made).toMatchObject({ status: 201, json: { status: { name: "New" } } });
    expect(made.json).not.toHaveProperty("initialDescription");
    const { json: notes } = await call("GET", `/service/tickets/${made.json.id}/notes`);
    expect(notes).toMatchObject([{ text: "Please help.", detailDescriptionFlag: true, ticketId: made.json.id }]);
  });

  it("refuses a summary above 100 characters, and a ticket without company", async () => {
    expect(await newTicket({ summary: "x".repeat(101) })).toMatchObject({
      status: 400,
      json: { code: "InvalidObject", errors: [{ field: "summary", code: "MaxLength" }] },
    });
    expect((await newTicket({ company: null })).json.errors).toMatchObject([{ field: "company" }]);
  });

  it("shows a note without any flag to the customer", async () => {
    const { json } = await newTicket();
    const note = await call("POST", `/service/tickets/${json.id}/notes`, { text: "for whom?" });
    expect(note.json).toMatchObject({ detailDescriptionFlag: true, externalFlag: true });
    const internal = await call("POST", `/service/tickets/${json.id}/notes`, {
      text: "us",
      internalAnalysisFlag: true,
    });
    expect(internal.json).toMatchObject({ detailDescriptionFlag: false, internalFlag: true });
  });

  it("answers 200 to a path below a field and changes nothing", async () => {
    const { json } = await newTicket();
    const patch = [{ op: "replace", path: "status/name", value: "Closed" }];
    const reply = await call("PATCH", `/service/tickets/${json.id}`, patch);
    expect(reply).toMatchObject({ status: 200, json: { status: { name: "New" } } });
  });

  it.each([
    { name: "a leading slash", path: "/status", value: { name: "Closed" } },
    { name: "another case", path: "Status", value: { name: "Closed" } },
    { name: "a status of another board", path: "status", value: { id: 300 } },
  ])("refuses a change with $name", async ({ path, value }) => {
    const { json } = await newTicket();
    const reply = await call("PATCH", `/service/tickets/${json.id}`, [{ op: "replace", path, value }]);
    expect(reply.status).toBe(400);
  });

  it("takes in the tickets that people raise", async () => {
    const before = (await query("/service/tickets", { conditions: 'source/name = "Email Connector"' })).json.length;
    box.world.moveTo(box.world.now() + 5 * 86_400_000);
    const { json } = await query("/service/tickets", { conditions: 'source/name = "Email Connector"' });
    expect(json.length).toBeGreaterThan(before);
    expect(json.at(-1)).toMatchObject({
      contactEmailAddress: expect.stringContaining("@"),
      company: { identifier: box.secrets.connectwise.customer },
      closedFlag: false,
    });
  });

  it("throttles after a thousand requests in a minute", async () => {
    box.world.moveTo(box.world.now() + 61_000);
    const statuses = new Set<number>();
    for (let n = 0; n < 1_000; n += 1) statuses.add((await call("GET", "/system/info")).status);
    expect([...statuses]).toEqual([200]);
    const refused = await call("GET", "/system/info");
    expect(refused).toMatchObject({ status: 429, json: { error: "ConnectWiseAPI" } });
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    box.world.moveTo(box.world.now() + 61_000);
    expect((await call("GET", "/system/info")).status).toBe(200);
  });
});

describe("ConnectWise's projects", () => {
  it("wants every required field", async () => {
    const { status, json } = await call("POST", "/project/projects", { name: "MFA" });
    expect(status).toBe(400);
    expect(json.errors.map(({ field }: { field: string }) => field)).toEqual(
      expect.arrayContaining(["board", "company", "billingMethod", "estimatedStart", "estimatedEnd"]),
    );
  });

  it("holds phases and tickets, and drops an externalXRef from a project ticket", async () => {
    const project = await newProject();
    const phase = await call("POST", `/project/projects/${project.id}/phases`, { description: "IT" });
    expect(phase).toMatchObject({
      status: 201,
      json: { projectId: project.id, status: { name: "Open" }, wbsCode: "1" },
    });
    const ticket = { summary: "Holdout", phase: { id: phase.json.id }, externalXRef: "mine" };
    const numbered = await call("POST", "/project/tickets", ticket);
    expect(numbered.json).not.toHaveProperty("externalXRef");
    expect(numbered.json.wbsCode).toMatch(/^1\.\d+$/);
    const marked = await call("POST", "/project/tickets", { ...ticket, wbsCode: "usr_1" });
    const listed = await query("/project/tickets", { conditions: `project/id = ${project.id}`, fields: "id,wbsCode" });
    expect(listed.json).toContainEqual({ id: marked.json.id, wbsCode: "usr_1" });
    expect((await call("POST", "/project/tickets", { ...ticket, wbsCode: "x".repeat(51) })).status).toBe(400);
  });

  it("shows a project ticket's notes in their own form", async () => {
    const project = await newProject();
    const { json: phase } = await call("POST", `/project/projects/${project.id}/phases`, { description: "IT" });
    const ticket = { summary: "Holdout", phase: { id: phase.id }, initialDescription: "Two reminders." };
    const { json: made } = await call("POST", "/project/tickets", ticket);
    expect((await call("GET", `/project/tickets/${made.id}/notes`)).json).toMatchObject([
      { noteType: "TicketNote", text: "Two reminders.", ticket: { id: made.id, summary: "Holdout" } },
    ]);
  });

  it("changes a phase's status by reference", async () => {
    const project = await newProject();
    const { json: phase } = await call("POST", `/project/projects/${project.id}/phases`, { description: "IT" });
    const path = `/project/projects/${project.id}/phases/${phase.id}`;
    await call("PATCH", path, [{ op: "replace", path: "status", value: { name: "Completed" } }]);
    expect((await call("GET", path)).json.status).toMatchObject({ name: "Completed" });
  });
});

describe("compileConditions", () => {
  const record = {
    id: 7,
    summary: "MFA [urgent] 100%",
    closedFlag: false,
    board: { name: "Service Desk" },
    owner: null,
  };

  it.each([
    ['summary contains "mfa"', true],
    ['summary not contains "mfa"', false],
    ['summary contains "[urgent]x"', false],
    ['summary contains "[[]urgent]"', true],
    ['summary contains "MF[ABC] "', true],
    ['summary like "MFA*"', true],
    ['summary like "urgent"', false],
    ['board/name = "service desk" and closedFlag = False', true],
    ["id in (1, 7)", true],
    ["id not in (1,7)", false],
    ['id = 1 or board/name = "x" or id >= 7', true],
    ['id = 7 or id = 1 and board/name = "x"', true],
    ['(id = 7 or id = 1) and board/name = "x"', false],
    ["owner = null", true],
    ["id != 7", false],
  ])("reads %s as %s", (conditions, expected) => {
    expect(compileConditions(conditions)(record)).toBe(expected);
  });

  it.each(["", "id", "id =", "id = 7 8", 'summary = "a" or', "id ~ 7", 'x" = 1', "id in 7"])(
    "refuses %j",
    (conditions) => {
      expect(() => compileConditions(conditions)).toThrow(ConditionsError);
    },
  );
});
