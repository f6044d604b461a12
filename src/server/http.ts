import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from "@modelcontextprotocol/node";
import {
  createMcpHandler,
  isInitializeRequest,
  isLegacyRequest,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import type { Logger } from "../ports/logger.ts";

/** Clients of 2025 keep a session; most never end it, so idle ones are swept. */
const MOST_SESSIONS = 100;
const IDLE_MS = 30 * 60_000;

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  seen: number;
}

/**
 * Serves MCP at `/mcp` on loopback, without a login of its own: whoever may use this machine's loopback may use it.
 * Requests of the current protocol are served one by one; clients of 2025 get a session, because without one
 * cancelling a call would not reach it.
 * @returns the address.
 */
export async function serveOverHttp(build: () => McpServer, { port, logger }: { readonly port: number; readonly logger: Logger }): Promise<string> {
  const onerror = (error: Error): void => logger.warn("transport", { message: error.message });
  const modern = createMcpHandler(build, { legacy: "reject", onerror });
  const sessions = new Sessions(build);
  const handle = toNodeHandler(
    { fetch: async (request) => (request.method !== "POST" || (await isLegacyRequest(request)) ? sessions.handle(request) : modern.fetch(request)) },
    { onerror },
  );
  const [checkHost, checkOrigin] = [localhostHostValidation(), localhostOriginValidation()];
  const server = createServer((request, response) => {
    if (!checkHost(request, response) || !checkOrigin(request, response)) return;
    if (new URL(request.url ?? "/", "http://localhost").pathname === "/mcp") void handle(request as Parameters<typeof handle>[0], response); // Node's own type lacks only `undefined` in optional fields
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const { port: bound } = server.address() as AddressInfo; // a TCP server's address is never a path
  return `http://127.0.0.1:${bound}/mcp`;
}

class Sessions {
  readonly #build: () => McpServer;
  readonly #open = new Map<string, Session>();

  constructor(build: () => McpServer) {
    this.#build = build;
    setInterval(() => this.#sweep(), IDLE_MS / 10).unref();
  }

  async handle(request: Request): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    if (id !== null) {
      const session = this.#open.get(id);
      if (session === undefined) return refusal(404, -32001, "Session not found");
      session.seen = Date.now();
      return session.transport.handleRequest(request);
    }
    const body: unknown = request.method === "POST" ? await request.clone().json().catch(() => null) : null;
    if (!isInitializeRequest(body)) return refusal(400, -32000, "Bad Request: Session ID required");
    if (this.#open.size >= MOST_SESSIONS) return refusal(503, -32000, "Too many sessions");
    return (await this.#start()).handleRequest(request, { parsedBody: body });
  }

  async #start(): Promise<WebStandardStreamableHTTPServerTransport> {
    const transport: WebStandardStreamableHTTPServerTransport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void this.#open.set(id, { transport, seen: Date.now() }),
    });
    transport.onclose = () => void this.#open.delete(transport.sessionId ?? "");
    await this.#build().connect(transport);
    return transport;
  }

  #sweep(): void {
    for (const { transport, seen } of this.#open.values()) if (Date.now() - seen > IDLE_MS) void transport.close();
  }
}

const refusal = (status: number, code: number, message: string): Response =>
  Response.json({ jsonrpc: "2.0", error: { code, message }, id: null }, { status });
