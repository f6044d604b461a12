import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, isLegacyRequest, type McpServer } from "@modelcontextprotocol/server";
import { ConfigurationError } from "../errors.ts";
import type { Logger } from "../ports/logger.ts";
import { HttpSessions, type SessionLimits } from "./http-sessions.ts";

const PATH = "/mcp";
const LIMITS: SessionLimits = { mostSessions: 100, idleMs: 30 * 60_000 };

export interface HttpService {
  readonly address: string;
  /** Stops listening, tells calls under way to stop, and ends every connection. */
  close(): Promise<void>;
}

/**
 * Serves MCP at `/mcp` on loopback, without a login of its own: whoever may use this machine's loopback may use it, so
 * requests that a web page elsewhere could make a browser send (foreign Host or Origin) are refused. Requests of the
 * current protocol are served one by one; clients of 2025 get a session, because without one cancelling a call would
 * not reach it.
 *
 * @param options.port - 0 takes any free one.
 * @throws {ConfigurationError} the port cannot be had.
 */
export async function serveOverHttp(
  build: () => McpServer,
  options: { readonly port: number; readonly logger: Logger; readonly limits?: SessionLimits },
): Promise<HttpService> {
  const onerror = (error: Error): void => options.logger.warn("transport", { message: error.message });
  const modern = createMcpHandler(build, { legacy: "reject", onerror });
  const sessions = new HttpSessions(build, options.limits ?? LIMITS);
  const fetch = async (request: Request): Promise<Response> =>
    request.method !== "POST" || (await isLegacyRequest(request)) ? sessions.handle(request) : modern.fetch(request);
  const handle = toNodeHandler({ fetch }, { onerror });
  const [checkHost, checkOrigin] = [localhostHostValidation(), localhostOriginValidation()];

  const server = createServer((request, response) => {
    if (!checkHost(request, response) || !checkOrigin(request, response)) return;
    if (URL.parse(request.url ?? "", "http://localhost")?.pathname !== PATH) return void response.writeHead(404).end();
    response.once("close", sessions.using(sessionOf(request)));
    void handle(request as Parameters<typeof handle>[0], response as ServerResponse); // Node's own type lacks only `undefined` in optional fields
  });
  const port = await listen(server, options.port);

  return {
    address: `http://127.0.0.1:${port}${PATH}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([modern.close(), sessions.close()]);
      server.closeAllConnections();
      await closed;
    },
  };
}

function sessionOf({ headers }: IncomingMessage): string | undefined {
  const id = headers["mcp-session-id"];
  return typeof id === "string" ? id : undefined;
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  } catch (cause) {
    throw new ConfigurationError(`Port ${port} on loopback cannot be had.`, {
      nextStep: "Give another port with --port, or end the program that uses this one.",
      cause,
    });
  }
  const { port: bound } = server.address() as AddressInfo; // a TCP server's address is never a path
  return bound;
}
