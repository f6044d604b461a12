import { join } from "node:path";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { Harness } from "./harness.ts";

const MAIN = join(import.meta.dirname, "..", "..", "src", "main.ts");

/** The way to a server process of its own on the office's data directory; connecting starts it. */
export const serverProcess = ({ environment }: Pick<Harness, "environment">): StdioClientTransport =>
  new StdioClientTransport({ command: process.execPath, args: [MAIN, "serve"], env: environment, stderr: "ignore" });
