import { compose } from "../compose.ts";
import type { Settings } from "../config/environment.ts";
import { catalog } from "../server/catalog.ts";
import { jsonLogger } from "../server/json-logger.ts";
import { createMcpServer } from "../server/mcp-server.ts";

/**
 * `mfa-rollout serve`: one host over stdio until it closes its end, or any number over HTTP on loopback until SIGTERM or
 * SIGINT. Resolves once it serves.
 */
export async function serve(
  settings: Settings,
  options: { readonly version: string; readonly httpPort: number | null },
): Promise<void> {
  const logger = jsonLogger((line) => void process.stderr.write(line));
  const workshop = compose(settings, { logger, actor: "server" });
  const build = () => createMcpServer({ tools: catalog, workshop, logger, version: options.version });
  if (options.httpPort === null) {
    const { serveOverStdio } = await import("../server/stdio.ts");
    serveOverStdio(build, logger);
    return;
  }
  const { serveOverHttp } = await import("../server/http.ts");
  const service = await serveOverHttp(build, { port: options.httpPort, logger });
  process.stderr.write(`MCP over HTTP at ${service.address}\n`);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void service.close());
}
