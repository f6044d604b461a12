import { compose } from "../compose.ts";
import type { Settings } from "../config/environment.ts";
import { catalog } from "../server/catalog.ts";
import { jsonLogger } from "../server/json-logger.ts";
import { createMcpServer } from "../server/mcp-server.ts";

/** A process that was told to end and is still there after this is ended: something in it hangs. */
const END_WITHIN_MS = 10_000;

/**
 * `mfa-rollout serve`: one host over stdio until it closes its end, or any number over HTTP on loopback; either until
 * SIGTERM or SIGINT. Resolves once it serves. Told to end, it lets the changes under way come to their end, which takes
 * seconds at most, begins no others, and gives back every lock; a second signal ends it at once.
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
    endWhenTold(serveOverStdio(build, logger));
    process.stdin.once("end", endSoon);
    return;
  }
  const { serveOverHttp } = await import("../server/http.ts");
  const service = await serveOverHttp(build, { port: options.httpPort, logger });
  process.stderr.write(`MCP over HTTP at ${service.address}\n`);
  endWhenTold(service);
}

/** The listeners stay: a library's listener would end the process when it finds itself the only one left. */
function endWhenTold(service: { close(): Promise<void> }): void {
  let told = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (told) process.exit(1);
      told = true;
      endSoon();
      void service.close();
    });
  }
}

/** With nothing left to do the process ends by itself; this is for the case that something never ends. */
function endSoon(): void {
  setTimeout(() => process.exit(1), END_WITHIN_MS).unref();
}
