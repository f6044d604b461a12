import { constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Transport } from "@modelcontextprotocol/client";

/** MCP over two named pipes, one message a line. When the other side dies, its end of `input` closes. */
export function pipes({ input, output }: { readonly input: string; readonly output: string }): Transport {
  // Neither waits for the other side to open them.
  const reading = new Socket({
    fd: openSync(input, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });
  const writing = new Socket({ fd: openSync(output, constants.O_RDWR), readable: false, writable: true });
  for (const end of [reading, writing]) end.on("error", () => {});
  const transport: Transport = {
    async start() {
      const lines = createInterface({ input: reading });
      lines.on("line", (line) => transport.onmessage?.(JSON.parse(line)));
      lines.on("close", () => void transport.close());
    },
    async send(message) {
      writing.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      writing.destroy();
      reading.destroy();
      transport.onclose?.();
      delete transport.onclose;
    },
  };
  return transport;
}
