import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";

/** The least that an MCP server can be: what the protocol itself costs. */
serveStdio(() => {
  const server = new McpServer({ name: "echo", version: "0.0.0" });
  const config = { inputSchema: z.strictObject({ text: z.string() }) };
  server.registerTool("echo", config, ({ text }) => ({ content: [{ type: "text", text }] }));
  return server;
});
