import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { programFile } from "../program-file.ts";

/** A message as it went over the wire, from whose side. */
export type Witness = (direction: "client" | "server", message: unknown) => void;

/** Starts the server as a host would, as a child process over stdio, and connects a plain MCP client to it. */
export async function connectToServer(
  environment: Readonly<Record<string, string>>,
  witness: Witness = () => {},
): Promise<{ readonly client: Client; close(): Promise<void> }> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [programFile("main"), "serve"],
    env: { ...environment },
    stderr: "ignore",
  });
  const send = transport.send.bind(transport);
  transport.send = (message) => {
    witness("client", message);
    return send(message);
  };
  const client = new Client({ name: "mfa-rollout-driver", version: "0.1.0" });
  const connected = client.connect(transport);
  const receive = transport.onmessage;
  transport.onmessage = (message, ...rest) => {
    witness("server", message);
    receive?.(message, ...rest);
  };
  await connected;
  await client.listTools();
  return { client, close: () => client.close() };
}
