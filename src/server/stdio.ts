import type { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Logger } from "../ports/logger.ts";

/**
 * Serves one host over standard input and output until the host closes them; calls under way are then told to stop.
 * @returns what ends it from this side.
 */
export function serveOverStdio(build: () => McpServer, logger: Logger): { close(): Promise<void> } {
  return serveStdio(build, { onerror: (error) => logger.warn("transport", { message: error.message }) });
}
