import { randomUUID } from "node:crypto";
import {
  isInitializeRequest,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";

export interface SessionLimits {
  readonly mostSessions: number;
  /** How long a session may stay unused, in milliseconds. */
  readonly idleMs: number;
}

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  /** When it was last used, in milliseconds of the epoch. */
  seen: number;
  /** Answers under way, the client's standing event stream included. */
  open: number;
}

/**
 * The sessions of clients of 2025. Most clients never end theirs, so one that nobody uses is closed after a while, and
 * at the cap the one unused for longest makes room. A session with an answer under way is never closed for either.
 */
export class HttpSessions {
  readonly #build: () => McpServer;
  readonly #limits: SessionLimits;
  readonly #sessions = new Map<string, Session>();
  readonly #timer: NodeJS.Timeout;

  constructor(build: () => McpServer, limits: SessionLimits) {
    this.#build = build;
    this.#limits = limits;
    this.#timer = setInterval(() => this.#sweep(), limits.idleMs / 10).unref();
  }

  async handle(request: Request): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    if (id !== null) {
      const session = this.#sessions.get(id);
      return session === undefined
        ? refusal(404, -32001, "Session not found")
        : session.transport.handleRequest(request);
    }
    if (request.method !== "POST") return refusal(400, -32000, "Bad Request: Session ID required");
    const body: unknown = await request.json().catch(() => undefined);
    if (body === undefined) return refusal(400, -32700, "Parse error: Invalid JSON");
    if (!isInitializeRequest(body)) return refusal(400, -32000, "Bad Request: Session ID required");
    return this.#makeRoom() ? this.#start(request, body) : refusal(503, -32000, "Too many sessions");
  }

  /** Says that an answer in this session is under way; call what it returns when that has ended. */
  using(id: string | undefined): () => void {
    const session = this.#sessions.get(id ?? "");
    if (session === undefined) return () => {};
    session.open += 1;
    return () => {
      session.open -= 1;
      session.seen = Date.now();
    };
  }

  /** Ends every session; calls under way are told to stop. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#sessions.values()].map(({ transport }) => transport.close()));
  }

  async #start(request: Request, body: unknown): Promise<Response> {
    const id = randomUUID();
    const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => id });
    transport.onclose = () => void this.#sessions.delete(id);
    this.#sessions.set(id, { transport, seen: Date.now(), open: 0 }); // before any waiting, so that the cap is never passed
    await this.#build().connect(transport);
    const response = await transport.handleRequest(request, { parsedBody: body });
    if (transport.sessionId === undefined) await transport.close(); // The request was refused, so nobody knows the id.
    return response;
  }

  #sweep(): void {
    const oldest = Date.now() - this.#limits.idleMs;
    for (const session of this.#unused()) if (session.seen < oldest) void session.transport.close();
  }

  #makeRoom(): boolean {
    if (this.#sessions.size < this.#limits.mostSessions) return true;
    const longestUnused = this.#unused().sort((a, b) => a.seen - b.seen)[0];
    void longestUnused?.transport.close();
    return this.#sessions.size < this.#limits.mostSessions;
  }

  #unused(): Session[] {
    return [...this.#sessions.values()].filter(({ open }) => open === 0);
  }
}

const refusal = (status: number, code: number, message: string): Response =>
  Response.json({ jsonrpc: "2.0", error: { code, message }, id: null }, { status });
