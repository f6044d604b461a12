import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { VendorHttp, type VendorHttpOptions } from "../../src/connectors/http/vendor-http.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A vendor on loopback that answers with `answers` in turn, the last one for ever, and counts what reached it. */
async function startVendor(...answers: readonly [Answer, ...Answer[]]) {
  let calls = 0;
  const urls: string[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(calls, answers.length - 1)] ?? answers[0];
    calls += 1;
    urls.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Listening on TCP gives an AddressInfo.
  const { port } = server.address() as AddressInfo;
  const client = (options: Partial<VendorHttpOptions> = {}): VendorHttp =>
    new VendorHttp({
      vendor: "Acme",
      baseUrl: `http://127.0.0.1:${port}`,
      headers: () => ({ Authorization: "Basic c2VjcmV0" }),
      backoffBaseMs: 1,
      ...options,
    });
  return {
    client,
    port,
    urls,
    calls: () => calls,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
const fails = (status: number, headers: Record<string, string> = {}): Answer => json({}, status, headers);
const html: Answer = (_request, response) => {
  response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>");
};
const truncated: Answer = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
  response.write('{"ok":', () => response.destroy());
};
const lost: Answer = (request) => {
  request.socket.destroy();
};
const never: Answer = () => {};

const schema = z.object({ ok: z.boolean() });
const ok = json({ ok: true });
const signal = new AbortController().signal;
const read = { schema, signal, permission: "Widgets.Read" };
const write = { ...read, body: { name: "x" } };

describe("VendorHttp reading", () => {
  it.each([
    ["a server error", fails(502)],
    ["a lost connection", lost],
    ["a page cut short", truncated],
    ["a web page instead of data", html],
    ["a short 429", fails(429, { "retry-after": "0" })],
    ["a short 503 with Retry-After", fails(503, { "retry-after": "0" })],
  ])("survives %s", async (_name, fault) => {
    await using vendor = await startVendor(fault, ok);
    await expect(vendor.client().get("/x", read)).resolves.toEqual({ ok: true });
    expect(vendor.calls()).toBe(2);
  });

  it.each([
    ["ERR_CONNECTOR_UNAVAILABLE", fails(500), 4],
    ["ERR_CONNECTOR_UNAVAILABLE", truncated, 4],
    ["ERR_CONNECTOR_CONTRACT", html, 4],
    ["ERR_CONNECTOR_CONTRACT", json({ ok: "yes" }), 1],
    ["ERR_CONNECTOR_CONTRACT", fails(302, { location: "/login" }), 1],
    ["ERR_CONNECTOR_CONTRACT", fails(404), 1],
    ["ERR_CONNECTOR_PERMISSION", fails(403), 1],
    ["ERR_CONNECTOR_AUTHENTICATION", fails(401), 1],
  ])("throws %s when it lasts", async (code, fault, calls) => {
    await using vendor = await startVendor(fault);
    await expect(vendor.client().get("/x", read)).rejects.toMatchObject({ code });
    expect(vendor.calls()).toBe(calls);
  });

  it("names the permission on 403 and the first wrong path of an answer", async () => {
    await using vendor = await startVendor(fails(403), json({ ok: 1 }));
    await expect(vendor.client().get("/x", read)).rejects.toThrow("Widgets.Read");
    await expect(vendor.client().get("/x", read)).rejects.toMatchObject({ details: { path: "ok" } });
  });

  it("does not wait out a long Retry-After but says how long it is", async () => {
    await using vendor = await startVendor(fails(429, { "retry-after": "60" }));
    await expect(vendor.client().get("/x", read)).rejects.toMatchObject({
      code: "ERR_CONNECTOR_THROTTLED",
      details: { retryAfterSeconds: 60 },
    });
    expect(vendor.calls()).toBe(1);
  });

  it("asks for a fresh credential once after 401", async () => {
    await using vendor = await startVendor(fails(401), ok);
    const asked: boolean[] = [];
    const headers = ({ fresh }: { fresh: boolean }) => {
      asked.push(fresh);
      return { Authorization: `Bearer ${asked.length}` };
    };
    await expect(vendor.client({ headers }).get("/x", read)).resolves.toEqual({ ok: true });
    expect(asked).toEqual([false, true]);
  });

  it("takes the vendor's own code on 403 for an expired token", async () => {
    await using vendor = await startVendor(json({ error: { code: "TokenExpired" } }, 403), ok);
    let issued = 0;
    const headers = () => ({ Authorization: `Bearer ${++issued}` });
    const client = vendor.client({ headers, expiredCode: "TokenExpired" });
    await expect(client.get("/x", read)).resolves.toEqual({ ok: true });
  });

  it("gives null for 404 where the caller asks so", async () => {
    await using vendor = await startVendor(fails(404));
    await expect(vendor.client().find("/x", read)).resolves.toBeNull();
  });

  it("never follows a link to another host", async () => {
    await using vendor = await startVendor(ok);
    await expect(vendor.client().get("https://elsewhere.example/x", read)).rejects.toMatchObject({
      code: "ERR_CONNECTOR_CONTRACT",
    });
    expect(vendor.calls()).toBe(0);
  });

  it("gives the next page of a Link header and keeps a query's spaces", async () => {
    const link = '<http://127.0.0.1/x?page=2>; rel="next", <http://127.0.0.1/x?page=9>; rel="last"';
    await using vendor = await startVendor(json({ ok: true }, 200, { link }));
    const page = await vendor.client().getPage("/x?a=1", { ...read, query: { b: "two words", c: undefined } });
    expect(page.next).toBe("http://127.0.0.1/x?page=2");
    expect(vendor.urls).toEqual(["/x?a=1&b=two%20words"]);
  });

  it("stops when the caller gives up", async () => {
    const caller = new AbortController();
    await using vendor = await startVendor(() => caller.abort());
    await expect(vendor.client().get("/x", { ...read, signal: caller.signal })).rejects.toMatchObject({
      code: "ERR_CANCELLED",
    });
  });

  it("asks a vendor that never answers twice, and gives up", async () => {
    await using vendor = await startVendor(never);
    await expect(vendor.client({ timeoutMs: 200 }).get("/x", read)).rejects.toMatchObject({
      code: "ERR_CONNECTOR_UNAVAILABLE",
      details: { network: "TIMEOUT" },
    });
    expect(vendor.calls()).toBe(2);
  });
});

describe("VendorHttp writing", () => {
  it.each([
    ["the answer is lost", lost],
    ["the answer is cut short", truncated],
    ["the vendor fails", fails(500)],
    ["the vendor is unavailable", fails(503, { "retry-after": "0" })],
    ["a web page comes back", html],
    ["the answer lacks what it promises", json({})],
  ])("is never repeated when %s", async (_name, fault) => {
    await using vendor = await startVendor(fault, ok);
    await expect(vendor.client().post("/x", write)).rejects.toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS" });
    expect(vendor.calls()).toBe(1);
  });

  it("is repeated after a 429, which was not handled", async () => {
    await using vendor = await startVendor(fails(429, { "retry-after": "0" }), ok);
    await expect(vendor.client().post("/x", write)).resolves.toEqual({ ok: true });
  });

  it("is unavailable, not ambiguous, when no connection opens", async () => {
    const vendor = await startVendor(ok);
    await vendor[Symbol.asyncDispose]();
    await expect(vendor.client().post("/x", write)).rejects.toMatchObject({ code: "ERR_CONNECTOR_UNAVAILABLE" });
  });

  it.each([undefined, { ok: true }])("is ambiguous after a 202, which is no promise, with %j in it", async (body) => {
    await using vendor = await startVendor(json(body, 202));
    const written = vendor.client().post("/things", { schema: z.unknown(), signal });
    await expect(written).rejects.toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS", details: { status: 202 } });
    const knows = { schema: z.unknown(), signal, acceptedSuffices: true };
    await vendor.client().post("/things", knows);
    expect(vendor.calls()).toBe(2);
  });

  it("is ambiguous when the caller gives up while it is under way", async () => {
    const caller = new AbortController();
    await using vendor = await startVendor(() => caller.abort());
    await expect(vendor.client().post("/x", { ...write, signal: caller.signal })).rejects.toMatchObject({
      code: "ERR_CONNECTOR_AMBIGUOUS",
    });
  });

  it("keeps the vendor's code and none of its words when it is rejected", async () => {
    const body = { error: { code: "NameTaken", message: "jane@acme.example has it already" } };
    await using vendor = await startVendor(json(body, 400));
    const error: unknown = await vendor
      .client()
      .post("/x", write)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "ERR_CONNECTOR_REJECTED", details: { status: 400, code: "NameTaken" } });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toMatch(/jane|c2VjcmV0/);
  });

  it("takes an empty answer where the caller does not care", async () => {
    await using vendor = await startVendor((_request, response) => void response.writeHead(204).end());
    await expect(vendor.client().patch("/x", { ...write, schema: z.unknown() })).resolves.toBeUndefined();
  });
});
