import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as V1Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as V1Transport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport as V1AnyTransport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { policyLink } from "../../src/kit/artifacts.ts";
import { defineTool } from "../../src/kit/define-tool.ts";
import { catalog } from "../../src/server/catalog.ts";
import { serveOverHttp } from "../../src/server/http.ts";
import type { SessionLimits } from "../../src/server/http-sessions.ts";
import { artifactServer } from "../support/artifact-server.ts";
import { ROLLOUT } from "../support/data-directory.ts";

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "http-tests", version: "0.0.0" } },
};
const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

/** A server on a free port with one tool that works until it is cancelled and one that answers with a link. */
async function served(limits?: SessionLimits) {
  const started = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<void>();
  const facts = { approval: "observe", idempotent: true, connectors: [], description: "Only in this test." } as const;
  const work = defineTool({
    ...facts,
    name: "work_on",
    title: "Work on",
    input: z.strictObject({}),
    output: z.strictObject({ ended: z.boolean() }),
    async handler({ signal }) {
      started.resolve();
      await once(signal, "abort");
      cancelled.resolve();
      return { ended: true };
    },
    summarize: () => "Ended.",
  });
  const link = defineTool({
    ...facts,
    name: "link_policy",
    title: "Link a policy",
    input: z.strictObject({}),
    output: z.strictObject({ phase: z.string() }),
    handler: async () => ({ phase: "phase_closing" }),
    summarize: ({ phase }) => `The policy of ${phase}.`,
    links: ({ phase }) => [policyLink(ROLLOUT, phase)],
  });
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await artifactServer({ tools: [work, link] }));
  const service = await serveOverHttp(server.build, { port: 0, logger: server.logger, ...(limits && { limits }) });
  stack.defer(() => service.close());
  const undo = stack.move();
  return {
    url: new URL(service.address),
    started: started.promise,
    cancelled: cancelled.promise,
    close: () => service.close(),
    /** Starts a session as a client of 2025 does, and answers with its id. */
    async session(): Promise<string> {
      const response = await fetch(service.address, {
        method: "POST",
        headers: HEADERS,
        body: JSON.stringify(INITIALIZE),
      });
      await response.text();
      return response.headers.get("mcp-session-id") ?? `refused with ${response.status}`;
    },
    /** The status that a request in this session gets. */
    async statusOf(session: string): Promise<number> {
      const headers = { ...HEADERS, "mcp-session-id": session, "mcp-protocol-version": "2025-11-25" };
      const body = JSON.stringify({ jsonrpc: "2.0", id: 2, method: "ping" });
      const response = await fetch(service.address, { method: "POST", headers, body });
      await response.text();
      return response.status;
    },
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}

interface Connected {
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>;
  listPrompts(): Promise<{ readonly prompts: readonly unknown[] }>;
  callTool(call: { name: string }, signal?: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

const clients: Readonly<Record<string, (url: URL) => Promise<Connected>>> = {
  "a v1 client": async (url) => {
    const client = new V1Client({ name: "v1", version: "0.0.0" });
    await client.connect(new V1Transport(url) as V1AnyTransport); // v1's own types disagree under exactOptionalPropertyTypes
    return {
      listTools: () => client.listTools(),
      listPrompts: () => client.listPrompts(),
      callTool: (call, signal) => client.callTool(call, undefined, signal && { signal }),
      close: () => client.close(),
    };
  },
  "a v2 client in the protocol of 2025": (url) => v2(url, "legacy"),
  "a v2 client in the current protocol": (url) => v2(url, "auto"),
};

async function v2(url: URL, mode: "legacy" | "auto"): Promise<Connected> {
  const client = new Client({ name: "v2", version: "0.0.0" }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(url));
  return {
    listTools: () => client.listTools(),
    listPrompts: () => client.listPrompts(),
    callTool: (call, signal) => client.callTool(call, signal && { signal }),
    close: () => client.close(),
  };
}

describe.each(Object.entries(clients))("%s over HTTP", (_, connect) => {
  it("lists tools and prompts and gets an answer with its link", async () => {
    await using server = await served();
    const client = await connect(server.url);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["work_on", "link_policy"]);
    expect((await client.listPrompts()).prompts).toHaveLength(4);
    expect(await client.callTool({ name: "link_policy" })).toMatchObject({
      content: [
        { type: "text", text: "The policy of phase_closing." },
        { type: "resource_link", uri: `mfa-rollout://rollouts/${ROLLOUT}/policies/phase_closing` },
      ],
      structuredContent: { phase: "phase_closing" },
    });
    await client.close();
  });

  it("stops a call that it cancels", async () => {
    await using server = await served();
    const client = await connect(server.url);
    const stop = new AbortController();
    const call = client.callTool({ name: "work_on" }, stop.signal);
    const refused = expect(call).rejects.toThrow();
    await server.started;
    stop.abort("enough");
    await refused;
    await server.cancelled;
    await client.close();
  });

  it("has its call stopped when the server closes", async () => {
    await using server = await served();
    const client = await connect(server.url);
    const call = client.callTool({ name: "work_on" }).catch(() => {});
    await server.started;
    await server.close();
    await server.cancelled;
    await client.close();
    await call;
  });
});

describe("older clients", () => {
  it("get an answer without links, which they do not know", async () => {
    await using server = await served();
    const old = { ...INITIALIZE, params: { ...INITIALIZE.params, protocolVersion: "2025-03-26" } };
    const begun = await fetch(server.url, { method: "POST", headers: HEADERS, body: JSON.stringify(old) });
    await begun.text();
    const headers = { ...HEADERS, "mcp-session-id": begun.headers.get("mcp-session-id") ?? "" };
    const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "link_policy", arguments: {} } };
    const answer = await (await fetch(server.url, { method: "POST", headers, body: JSON.stringify(call) })).text();
    expect(answer).toContain("The policy of phase_closing.");
    expect(answer).not.toContain("resource_link");
  });
});

describe("sessions", () => {
  it("make room at the cap: the one unused for longest ends", async () => {
    await using server = await served({ mostSessions: 2, idleMs: 60_000 });
    const [first, second, third] = [await server.session(), await server.session(), await server.session()];
    expect(await Promise.all([first, second, third].map(server.statusOf))).toEqual([404, 200, 200]);
  });

  it("are refused at the cap while every other has an answer under way", async () => {
    await using server = await served({ mostSessions: 1, idleMs: 60_000 });
    const client = await v2(server.url, "legacy");
    const call = client.callTool({ name: "work_on" }).catch(() => {});
    await server.started;
    expect(await server.session()).toBe("refused with 503");
    await client.close();
    await call;
  });

  it("end when nobody used them for long", async () => {
    await using server = await served({ mostSessions: 2, idleMs: 50 });
    const session = await server.session();
    // Asking would keep it in use, so the question is put once in a while that is longer than the limit.
    await expect.poll(() => server.statusOf(session), { interval: 120, timeout: 10_000 }).toBe(404);
  });

  it("are not swept while an answer is under way", async () => {
    await using server = await served({ mostSessions: 2, idleMs: 20 });
    const client = await v2(server.url, "legacy");
    const stop = new AbortController();
    const call = client.callTool({ name: "work_on" }, stop.signal).catch(() => {});
    await server.started;
    const idle = await server.session();
    await expect.poll(() => server.statusOf(idle), { interval: 60, timeout: 10_000 }).toBe(404);
    expect((await client.listTools()).tools).toHaveLength(2);
    stop.abort();
    await call;
    await client.close();
  });

  it.each([
    ["a request without a session", JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }), 400],
    ["what is no JSON", "{", 400],
    ["a body beyond the limit", JSON.stringify({ ...INITIALIZE, padding: "x".repeat(5_000_000) }), 413],
  ])("do not begin with %s", async (_, body, status) => {
    await using server = await served();
    const response = await fetch(server.url, { method: "POST", headers: HEADERS, body });
    expect(response.status).toBe(status);
  });
});

describe("the guard", () => {
  it.each([
    ["a foreign Host", { host: "mfa.example.com" }, "/mcp", 403],
    ["a foreign Origin", { origin: "https://example.com" }, "/mcp", 403],
    ["a sandboxed page's Origin", { origin: "null" }, "/mcp", 403],
    ["another path", {}, "/", 404],
  ])("refuses %s", async (_, headers, path, status) => {
    await using server = await served();
    const asked = request({
      port: server.url.port,
      host: "127.0.0.1",
      method: "POST",
      path,
      headers: { ...HEADERS, ...headers },
    });
    const answered = once(asked, "response");
    asked.end(JSON.stringify(INITIALIZE));
    const [response] = await answered;
    response.resume();
    expect(response.statusCode).toBe(status);
    expect(response.headers["mcp-session-id"]).toBeUndefined();
  });
});

describe("mfa-rollout serve --http", () => {
  const serve = (home: string, port: string): ChildProcess =>
    spawn(process.execPath, ["src/main.ts", "serve", "--http", "--port", port], {
      env: { PATH: process.env.PATH, HOME: home, MFA_ROLLOUT_HOME: home },
      stdio: ["ignore", "ignore", "pipe"],
    });

  async function addressOf(child: ChildProcess): Promise<string> {
    if (child.stderr === null) throw new Error("standard error is piped above");
    for await (const line of createInterface({ input: child.stderr })) {
      const address = /MCP over HTTP at (\S+)/.exec(line)?.[1];
      if (address !== undefined) return address;
    }
    throw new Error("the server ended without serving");
  }

  it("serves every tool and ends cleanly on SIGTERM, connections open or not", async () => {
    await using home = await artifactServer();
    const child = serve(home.place.dir, "0");
    const client = await v2(new URL(await addressOf(child)), "legacy");
    expect((await client.listTools()).tools).toHaveLength(catalog.length);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    await client.close();
  });

  it("says that a port is taken, without a stack", async () => {
    await using server = await served();
    await using home = await artifactServer();
    const child = serve(home.place.dir, server.url.port);
    const ended = once(child, "close");
    const said = child.stderr === null ? "" : await text(child.stderr);
    expect(await ended).toEqual([1, null]);
    expect(said).toMatch(/^ERR_CONFIGURATION: Port \d+ on loopback cannot be had\.\n/);
    expect(said).not.toContain("    at ");
  });
});
