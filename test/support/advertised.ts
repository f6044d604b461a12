import { Client, InMemoryTransport, type Tool } from "@modelcontextprotocol/client";
import { compose } from "../../src/compose.ts";
import { readSettings } from "../../src/config/environment.ts";
import { catalog } from "../../src/server/catalog.ts";
import { jsonLogger } from "../../src/server/json-logger.ts";
import { createMcpServer } from "../../src/server/mcp-server.ts";

/** The tools as a host gets them. Listing reads no file and asks no vendor, so none is there. */
export async function advertisedTools(): Promise<readonly Tool[]> {
  const logger = jsonLogger(() => {});
  const workshop = compose(readSettings({ MFA_ROLLOUT_HOME: "/nowhere" }), { logger, actor: "server" });
  const server = createMcpServer({ tools: catalog, workshop, logger, version: "0.0.0" });
  const client = new Client({ name: "tool-tests", version: "0.0.0" });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await server.connect(there);
  await client.connect(here);
  const { tools } = await client.listTools();
  await client.close();
  return tools;
}
