import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** How far a silent host lets a client come: it accepts TCP, or it also has the way to it opened, and never speaks TLS. */
export type Silence = "before the proxy's answer" | "before TLS";

/** A proxy that hands everything on to the sandbox's, and leaves those who ask for the silent hosts without a word. */
export async function startSilentProxy(
  sandboxProxyUrl: string,
  { hosts, silence }: { readonly hosts: readonly string[]; readonly silence: Silence },
) {
  const sockets = new Set<Socket>();
  const asked: string[] = [];
  const keep = (socket: Socket): Socket => {
    sockets.add(socket.on("error", () => {})); // A client that has waited long enough hangs up.
    return socket;
  };
  const server = createServer((client) => {
    keep(client).once("data", (head) => {
      const [, host = ""] = /^CONNECT ([^:]+):/.exec(head.toString("latin1")) ?? [];
      if (hosts.includes(host)) {
        asked.push(host);
        if (silence === "before TLS") client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        return void client.resume();
      }
      const onward = keep(connect(Number(new URL(sandboxProxyUrl).port), "127.0.0.1"));
      onward.write(head);
      onward.pipe(client).pipe(onward);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // Listening on TCP gives one.
  return {
    proxyUrl: `http://127.0.0.1:${port}`,
    /** The silent hosts that were asked, once for each connection. */
    asked,
    [Symbol.asyncDispose]: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
