import type { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Logger } from "../ports/logger.ts";

/** Serves one host over standard input and output until the host closes them. */
export function serveOverStdio(build: () => McpServer, logger: Logger): void {
  serveStdio(build, { onerror: (error) => logger.warn("transport", { message: error.message }) });
}
