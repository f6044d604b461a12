import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { batchGet } from "../../src/connectors/graph/batch.ts";
import { GraphClient } from "../../src/connectors/graph/graph-client.ts";
import type { TokenSource } from "../../src/connectors/graph/graph-credentials.ts";
import type { VendorRequest, VendorResponse } from "../../src/sandbox/core/vendor.ts";
import { startBox } from "../support/box.ts";

const TIMEOUT_MS = 2_000;
const ORIGIN = "https://graph.microsoft.com";
type Answer = (request: VendorRequest) => VendorResponse;

/** Graph's host answering in turn, the last answer for ever; what the real one does is tested with the entra connectors. */
async function startGraph(...answers: readonly Answer[]) {
  return startGraphWith(TOKENS, ...answers);
}

const TOKENS: TokenSource = { token: async (_scope, { forceRefresh }) => (forceRefresh ? "fresh" : "cached") };

/** As `startGraph`, with who signs in. */
async function startGraphWith(tokens: TokenSource, ...answers: readonly Answer[]) {
  const requests: VendorRequest[] = [];
  const handle = (request: VendorRequest): VendorResponse => {
    requests.push(request);
    const answer = answers[requests.length - 1] ?? answers.at(-1);
    if (answer === undefined) throw new Error("the test gives no answer");
    return answer(request);
  };
  const box = await startBox([
    () => ({
      name: "graph",
      hosts: ["graph.microsoft.com"],
      routes: ["GET", "POST", "PATCH", "DELETE"].map((method) => ({ method, path: "/v1.0/:thing", handle })),
      notFound: () => ({ status: 404 }),
      htmlPage: "<html></html>",
      failure: (status) => ({ status }),
      dump: () => ({}),
    }),
  ]);
  const graph = new GraphClient({ cloud: "global", tokens, timeoutMs: TIMEOUT_MS });
  return { graph, requests, fail: box.fail, [Symbol.asyncDispose]: box[Symbol.asyncDispose] };
}

const ok =
  (body: unknown, status = 200): Answer =>
  () => ({ status, body });
const fails =
  (status: number, headers: Record<string, string> = {}): Answer =>
  () => ({ status, headers, body: { error: { code: "Some_Code", message: "text of the vendor" } } });

const signal = new AbortController().signal;
const call = { schema: z.object({ id: z.string() }), permission: "Things.Read.All", signal };

describe("GraphClient", () => {
  it("sends its headers on every page, and follows an empty page", async () => {
    const next = { value: [], "@odata.nextLink": `${ORIGIN}/v1.0/things?$skiptoken=x%3D%3D&$top=1` };
    await using subject = await startGraph(ok(next), ok({ value: [{ id: "1" }] }));
    expect(await Array.fromAsync(subject.graph.pages("/v1.0/things?$top=1", call))).toEqual([{ id: "1" }]);
    expect(subject.requests.map(({ headers }) => headers.prefer)).toEqual(
      Array(2).fill("include-unknown-enum-members"),
    );
    expect(subject.requests[1]?.url.searchParams.get("$skiptoken")).toBe("x==");
  });

  it.each([
    ["another host", "https://graph.evil.example/v1.0/things"],
    ["the same host without TLS", "http://graph.microsoft.com/v1.0/things"],
    ["the same page again", `${ORIGIN}/v1.0/things`],
  ])("refuses a next link to %s", async (_name, link) => {
    await using subject = await startGraph(ok({ value: [], "@odata.nextLink": link }));
    await expect(Array.fromAsync(subject.graph.pages(`${ORIGIN}/v1.0/things`, call))).rejects.toMatchObject({
      code: "ERR_CONNECTOR_CONTRACT",
    });
    expect(subject.requests).toHaveLength(1);
  });

  it("asks for a fresh token once, and says so when that is refused as well", async () => {
    await using subject = await startGraph(fails(401));
    await expect(subject.graph.get("/v1.0/things", call)).rejects.toMatchObject({
      code: "ERR_CONNECTOR_AUTHENTICATION",
    });
    expect(subject.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer cached", "Bearer fresh"]);
  });

  it.each([
    ["ERR_CONNECTOR_AMBIGUOUS", fails(504)],
    ["ERR_CONNECTOR_AMBIGUOUS", fails(503, { "retry-after": "0" })],
    ["ERR_CONNECTOR_AMBIGUOUS", ok("<html>", 200)],
    ["ERR_CONNECTOR_AMBIGUOUS", ok({ name: "an answer without an id" }, 201)],
    ["ERR_CONNECTOR_REJECTED", fails(400)],
    ["ERR_CONNECTOR_REJECTED", fails(404)],
    ["ERR_CONNECTOR_PERMISSION", fails(403)],
  ])("sends a write once and throws %s", async (code, answer) => {
    await using subject = await startGraph(answer);
    await expect(subject.graph.post("/v1.0/things", { ...call, body: {} })).rejects.toMatchObject({ code });
    expect(subject.requests).toHaveLength(1);
  });

  it("repeats a write that was throttled, or that may be repeated", async () => {
    await using throttled = await startGraph(fails(429, { "retry-after": "0" }), ok({ id: "1" }, 201));
    expect(await throttled.graph.post("/v1.0/things", { ...call, body: {} })).toEqual({ id: "1" });
  });

  it("repeats a write that collided with another one", async () => {
    const collision = { error: { code: "Directory_ConcurrencyViolation", message: "" } };
    await using subject = await startGraph(ok(collision, 409), ok({ id: "1" }, 201));
    expect(await subject.graph.post("/v1.0/things", { ...call, body: {} })).toEqual({ id: "1" });
  });

  it("repeats a lost write only where sending it twice changes nothing", async () => {
    await using subject = await startGraph(fails(502), ok({ id: "1" }));
    expect(await subject.graph.patch("/v1.0/things", { ...call, body: {}, repeatable: true })).toEqual({ id: "1" });
  });

  it("says how long to wait rather than wait that long", async () => {
    await using subject = await startGraph(fails(429, { "retry-after": "60" }));
    await expect(subject.graph.get("/v1.0/things", call)).rejects.toMatchObject({
      code: "ERR_CONNECTOR_THROTTLED",
      details: { retryAfterSeconds: 60 },
    });
    expect(subject.requests).toHaveLength(1);
  });

  it("calls a write ambiguous that the caller gave up while it was under way", async () => {
    const caller = new AbortController();
    await using subject = await startGraph(() => {
      caller.abort();
      return { status: 201, body: { id: "1" } };
    });
    const writing = subject.graph.post("/v1.0/things", { ...call, signal: caller.signal, body: {} });
    await expect(writing).rejects.toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS" });
  });

  it("gives up on an answer that does not come", async () => {
    await using subject = await startGraph(ok({ id: "1" }));
    await subject.fail({ kind: "delay", delayMs: 10_000, vendor: "graph" });
    const writing = subject.graph.post("/v1.0/things", { ...call, body: {} });
    await expect(writing).rejects.toMatchObject({ code: "ERR_CONNECTOR_AMBIGUOUS" });
  });

  it.each([
    ["the first token", { forceRefresh: false }, [ok({ id: "1" }, 201)]],
    ["a fresh token after a 401", { forceRefresh: true }, [fails(401), ok({ id: "1" }, 201)]],
  ] as const)("gives a write its whole time once %s is there, however long that took", async (_name, slow, answers) => {
    const late: TokenSource = {
      async token(scope, asked) {
        if ((asked.forceRefresh ?? false) === slow.forceRefresh) await wait(TIMEOUT_MS + 100);
        return TOKENS.token(scope, asked);
      },
    };
    await using subject = await startGraphWith(late, ...answers);
    expect(await subject.graph.post("/v1.0/things", { ...call, body: {} })).toEqual({ id: "1" });
  });

  it("sends no write whose caller gave up before there was a token, and calls it cancelled", async () => {
    const caller = new AbortController();
    const tokens: TokenSource = {
      async token() {
        caller.abort();
        return "cached";
      },
    };
    await using subject = await startGraphWith(tokens, ok({ id: "1" }, 201));
    const writing = subject.graph.post("/v1.0/things", { ...call, signal: caller.signal, body: {} });
    await expect(writing).rejects.toMatchObject({ code: "ERR_CANCELLED" });
    expect(subject.requests).toEqual([]);
  });

  it("keeps the vendor's sentences and our token out of errors", async () => {
    await using subject = await startGraph(fails(400));
    const error = await subject.graph.post("/v1.0/things", { ...call, body: {} }).catch((thrown: unknown) => thrown);
    const { message, nextStep, details } = z
      .object({ message: z.string(), nextStep: z.string(), details: z.unknown() })
      .parse({ ...Object(error), message: Object(error).message });
    expect(JSON.stringify([message, nextStep, details])).not.toMatch(/text of the vendor|Bearer|cached/);
    expect(message).toContain("Some_Code");
  });
});

describe("batchGet", () => {
  const item = (id: string, status: number, headers = {}) => ({ id, status, headers, body: { id: `thing ${id}` } });

  it("asks again only for the items that were throttled, and keeps the order", async () => {
    await using subject = await startGraph(
      ok({ responses: [item("2", 200), item("1", 429, { "Retry-After": "1" }), item("0", 404)] }),
      ok({ responses: [item("1", 200)] }),
    );
    const found = await batchGet(subject.graph, ["/a", "/b", "/c"], call);
    expect(found).toEqual([null, { id: "thing 1" }, { id: "thing 2" }]);
    const asked = subject.requests.map(({ body }) =>
      JSON.parse(body.toString()).requests.map(({ url }: { url: string }) => url),
    );
    expect(asked).toEqual([["/a", "/b", "/c"], ["/b"]]);
  });

  it.each([
    ["ERR_CONNECTOR_PERMISSION", { responses: [item("0", 403)] }],
    ["ERR_CONNECTOR_CONTRACT", { responses: [] }],
    ["ERR_CONNECTOR_CONTRACT", { responses: [{ id: "0", status: 200, body: {} }] }],
    ["ERR_CONNECTOR_THROTTLED", { responses: [item("0", 429, { "Retry-After": "120" })] }],
  ])("throws %s for an item without an answer", async (code, body) => {
    await using subject = await startGraph(ok(body));
    await expect(batchGet(subject.graph, ["/a"], call)).rejects.toMatchObject({ code });
  });
});
