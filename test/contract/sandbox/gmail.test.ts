import { createSign } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../../src/sandbox/core/sandbox.ts";
import { gmail } from "../../../src/sandbox/vendors/gmail/gmail.ts";
import { parseMail } from "../../../src/sandbox/vendors/gmail/mime.ts";
import { addressesOf } from "../../../src/sandbox/vendors/gmail/mime-headers.ts";
import { Quota } from "../../../src/sandbox/vendors/gmail/quota.ts";
import { googleLogin } from "../../../src/sandbox/vendors/google-login/google-login.ts";
import { BoxClient, type Reply } from "./box-client.ts";

const COMPOSE = "https://www.googleapis.com/auth/gmail.compose";
const READONLY = "https://www.googleapis.com/auth/gmail.readonly";
const API = "https://gmail.googleapis.com/gmail/v1/users/me";
const HOUR_MS = 3_600_000;

let box: Sandbox;
let client: BoxClient;

beforeAll(async () => {
  box = await startSandbox({ vendors: [googleLogin, gmail] });
  client = new BoxClient(box);
});
afterAll(async () => {
  client.close();
  await box.close();
});

const base64url = (text: string): string => Buffer.from(text).toString("base64url");

function assertion(changes: Readonly<Record<string, unknown>> = {}): string {
  const { clientEmail, privateKeyPem, sender } = box.secrets.gmail;
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: clientEmail,
    sub: sender,
    scope: COMPOSE,
    aud: "https://oauth2.googleapis.com/token",
    iat: now,
    exp: now + 3_600,
    ...changes,
  };
  const signed = `${base64url('{"alg":"RS256","typ":"JWT"}')}.${base64url(JSON.stringify(claims))}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKeyPem, "base64url")}`;
}

const askToken = (text: string, host = "oauth2.googleapis.com"): Promise<Reply> =>
  client.ask(`https://${host}/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `grant_type=${encodeURIComponent("urn:ietf:params:oauth:grant-type:jwt-bearer")}&assertion=${text}`,
  });

async function token(changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return JSON.parse((await askToken(assertion(changes))).text).access_token;
}

const call = async (method: string, path: string, body?: unknown, bearer?: string) => {
  const reply = await client.ask(`${API}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer ?? (await token())}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: reply.status, headers: reply.headers, json: reply.text === "" ? null : JSON.parse(reply.text) };
};

const draft = (mime: string) => call("POST", "/drafts", { message: { raw: base64url(mime) } });
const lastSent = async () => {
  const { text } = await client.control("GET", "/vendors.json");
  return JSON.parse(text).gmail.sent.at(-1);
};
const simpleMail = (headers: string): string => `From: x@evil.example\r\n${headers}\r\nSubject: Hi\r\n\r\nHello\r\n`;

describe("Google's token endpoint", () => {
  it("grants an hour to the service account in the sender's name", async () => {
    const reply = await askToken(assertion());
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.text)).toEqual({
      access_token: expect.any(String),
      expires_in: 3599,
      token_type: "Bearer",
    });
  });

  it.each([
    { name: "another signature", text: () => `${assertion().slice(0, -6)}AAAAAA`, error: "invalid_grant" },
    { name: "another issuer", text: () => assertion({ iss: "a@b.example" }), error: "invalid_grant" },
    { name: "another audience", text: () => assertion({ aud: "https://example.com" }), error: "invalid_grant" },
    { name: "more than an hour", text: () => assertion({ iat: 0, exp: 3_601 }), error: "invalid_grant" },
    { name: "an unknown mailbox", text: () => assertion({ sub: "x@larkfieldfoods.com" }), error: "invalid_grant" },
    {
      name: "a scope that is not delegated",
      text: () => assertion({ scope: `${COMPOSE} https://mail.google.com/` }),
      error: "unauthorized_client",
    },
    { name: "no scope", text: () => assertion({ scope: "" }), error: "invalid_scope" },
    { name: "no JWT", text: () => "x.y", error: "invalid_grant" },
  ])("refuses $name", async ({ text, error }) => {
    const reply = await askToken(text());
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(JSON.parse(reply.text)).toMatchObject({ error });
  });

  it("is on its own host only", async () => {
    expect((await askToken(assertion(), "gmail.googleapis.com")).status).toBe(404);
  });

  it("grants a service account without a mailbox, which Gmail then refuses", async () => {
    const reply = await call("GET", "/drafts", undefined, await token({ sub: undefined }));
    expect(reply).toMatchObject({ status: 400, json: { error: { errors: [{ reason: "failedPrecondition" }] } } });
  });
});

describe("Gmail", () => {
  // Quota is per minute of the world's time.
  beforeEach(() => box.world.moveTo(box.world.now() + 61_000));

  it("forgets a draft's id when it is sent, and gives the mail a Message-ID of its own", async () => {
    const made = await draft(simpleMail("To: a@larkfieldfoods.com\r\nMessage-ID: <mine@x.example>"));
    expect(made.json).toMatchObject({ id: expect.stringMatching(/^r\d+$/), message: { labelIds: ["DRAFT"] } });
    const { id } = made.json;
    expect((await call("GET", `/drafts/${id}`)).status).toBe(200);
    const sent = await call("POST", "/drafts/send", { id });
    expect(sent.json).toMatchObject({ labelIds: ["SENT"] });
    expect(sent.json.id).not.toBe(made.json.message.id);
    expect((await call("GET", `/drafts/${id}`)).json.error).toMatchObject({ code: 404, status: "NOT_FOUND" });
    expect((await call("POST", "/drafts/send", { id })).status).toBe(404);
    const { headers } = await lastSent();
    expect(headers["Message-ID"]).toMatch(/^<CA.*@mail\.gmail\.com>$/);
    expect(headers.From).toBe(box.secrets.gmail.sender);
  });

  it("shows a message's headers to whoever may read, and not to gmail.compose", async () => {
    const made = await draft(simpleMail("To: a@larkfieldfoods.com"));
    const sent = await call("POST", "/drafts/send", { id: made.json.id });
    const path = `/messages/${sent.json.id}?format=metadata&metadataHeaders=Message-ID`;
    expect(await call("GET", path)).toMatchObject({
      status: 403,
      json: { error: { errors: [{ reason: "insufficientPermissions" }] } },
    });
    const read = await call("GET", path, undefined, await token({ scope: READONLY }));
    expect(read.json.payload.headers).toEqual([
      { name: "Message-ID", value: expect.stringContaining("@mail.gmail.com") },
    ]);
  });

  it("delivers to To, Cc and Bcc, and takes Bcc out", async () => {
    const mail = simpleMail("To: A <a@larkfieldfoods.com>\r\nCc: b@larkfieldfoods.com\r\nBcc: c@larkfieldfoods.com");
    await call("POST", "/drafts/send", { id: (await draft(mail)).json.id });
    const sent = await lastSent();
    expect(sent).toMatchObject({ to: ["a@larkfieldfoods.com"], cc: ["b@larkfieldfoods.com"], subject: "Hi" });
    expect(sent.headers).not.toHaveProperty("Bcc");
  });

  it.each([
    { name: "nobody", headers: "X-None: 1", message: "Recipient address required" },
    { name: "no address", headers: "To: Kim", message: "Invalid To header" },
    {
      name: "101 people",
      headers: `Cc: ${Array.from({ length: 101 }, (_, n) => `p${n}@x.example`).join(", ")}`,
      message: "Too many recipients",
    },
  ])("refuses to send to $name", async ({ headers, message }) => {
    const made = await draft(simpleMail(headers));
    expect(await call("POST", "/drafts/send", { id: made.json.id })).toMatchObject({
      status: 400,
      json: { error: { message } },
    });
  });

  it("lists and deletes drafts", async () => {
    const made = await draft(simpleMail("To: a@larkfieldfoods.com"));
    const first = await call("GET", "/drafts?maxResults=1");
    expect(first.json).toMatchObject({ drafts: [{ id: made.json.id }] });
    expect((await call("DELETE", `/drafts/${made.json.id}`)).status).toBe(204);
    expect((await call("GET", "/drafts?maxResults=1")).json.drafts?.[0]?.id).not.toBe(made.json.id);
  });

  it("answers 403 once a minute's 6,000 units are spent", async () => {
    const bearer = await token();
    const made = await draft(simpleMail("To: a@larkfieldfoods.com"));
    const statuses: number[] = [];
    // 10 units are spent; each of these costs 100 whether or not the draft exists.
    for (let n = 0; n < 60; n += 1) {
      statuses.push((await call("POST", "/drafts/send", { id: n === 0 ? made.json.id : "r1" }, bearer)).status);
    }
    expect(statuses.slice(-2)).toEqual([404, 403]);
    expect(await call("POST", "/drafts/send", { id: "r1" }, bearer)).toMatchObject({
      json: { error: { errors: [{ reason: "userRateLimitExceeded", domain: "usageLimits" }] } },
    });
  });

  it("does not know a token after an hour, nor another mailbox", async () => {
    const bearer = await token();
    box.world.moveTo(box.world.now() + HOUR_MS);
    expect((await call("GET", "/drafts", undefined, bearer)).status).toBe(401);
    const elsewhere = await client.ask(API.replace("/me", "/x@larkfieldfoods.com/drafts"), {
      headers: { authorization: `Bearer ${await token()}` },
    });
    expect(elsewhere.status).toBe(403);
  });

  it("wants a message in base64url", async () => {
    expect((await call("POST", "/drafts", { message: { raw: "nöt base64" } })).status).toBe(400);
  });
});

describe("Quota", () => {
  it("lets a mailbox send 2,000 mails in any 24 hours", () => {
    const quota = new Quota();
    for (let n = 0; n < 2_000; n += 1) quota.countSent(n);
    expect(quota.sendingBlockedUntil(2_000)).toBe(24 * HOUR_MS);
    expect(quota.sendingBlockedUntil(24 * HOUR_MS)).toBeNull();
  });
});

describe("parseMail", () => {
  it("decodes multipart text, charsets and folded, encoded headers", () => {
    const source = [
      "Subject: =?UTF-8?Q?=C5=81ukasz=2C_?=",
      " =?UTF-8?B?4pyT?= done",
      'To: =?UTF-8?Q?Ob=2C_Kim?= <kim@x.example>, "Doe, Jo" <jo@x.example>, plain@x.example',
      'Content-Type: multipart/alternative; boundary="b1"',
      "",
      "preamble",
      "--b1",
      "Content-Type: text/plain; charset=iso-8859-1",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "Gr=FC=DFe, =",
      "and more",
      "--b1",
      "Content-Type: text/html; charset=utf-8",
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from("<p>Łukasz ✓</p>").toString("base64"),
      "--b1--",
      "",
    ].join("\r\n");
    const mail = parseMail(Buffer.from(source, "latin1"));
    expect(mail.headers[0]).toEqual(["Subject", "Łukasz, ✓ done"]);
    expect(mail).toMatchObject({ text: "Grüße, and more", html: "<p>Łukasz ✓</p>" });
    expect(addressesOf(mail.rawHeaders.get("to"))).toEqual(["kim@x.example", "jo@x.example", "plain@x.example"]);
  });

  it("joins a character that two encoded words share", () => {
    const mail = parseMail(Buffer.from("Subject: =?UTF-8?Q?=C5?=\r\n =?UTF-8?Q?=81?=\r\n\r\n"));
    expect(mail.headers[0]?.[1]).toBe("Ł");
  });
});
