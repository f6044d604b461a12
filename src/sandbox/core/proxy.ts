import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { CertificateAuthority } from "./certificates.ts";

const LOOPBACK = "127.0.0.1";
const HTTPS_PORT = "443";
/** Longer than any client keeps an idle connection, so that the server never closes one that is about to be used. */
const KEEP_ALIVE_MS = 65_000;

type Handler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

export interface ProxyParts {
  readonly authority: CertificateAuthority;
  readonly answersFor: (host: string) => boolean;
  /** Answers what arrives at a vendor's host, after TLS. */
  readonly onVendorRequest: Handler;
  /** Answers requests made to the port itself. */
  readonly onControlRequest: Handler;
  /** Hears of every target that the proxy refuses. */
  readonly onRefused: (refusal: { readonly method: string; readonly target: string }) => void;
}

export interface Proxy {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * An HTTP proxy on loopback that ends TLS itself for the hosts of the box and refuses every other target.
 *
 * @param port - 0 takes any free port.
 */
export async function startProxy(parts: ProxyParts, port: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const tlsServer = createHttpsServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      SNICallback: (host, done) => {
        parts.authority.contextFor(host).then((context) => done(null, context), done);
      },
    },
    settling(parts.onVendorRequest),
  );
  const proxyServer = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, outgoing) => {
    if (incoming.url?.startsWith("/")) settling(parts.onControlRequest)(incoming, outgoing);
    else refusePlainHttp(parts, incoming, outgoing);
  });
  proxyServer.on("connection", (socket) => {
    sockets.add(socket);
    // A client that goes away mid-way is its own affair; without a listener it would end the process.
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
  });
  proxyServer.on("connect", (incoming, socket, head) => {
    const [host = "", targetPort = HTTPS_PORT] = (incoming.url ?? "").toLowerCase().split(":");
    if (targetPort !== HTTPS_PORT || !parts.answersFor(host)) {
      parts.onRefused({ method: "CONNECT", target: `https://${incoming.url ?? ""}/` });
      refuseConnect(socket, `${host}:${targetPort}`);
      return;
    }
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    if (head.length > 0) socket.unshift(head);
    tlsServer.emit("connection", socket);
  });
  await new Promise<void>((resolve, reject) => {
    proxyServer.once("error", reject);
    proxyServer.listen(port, LOOPBACK, resolve);
  });
  return {
    // `address` is an AddressInfo for every server that listens on a port.
    url: `http://${LOOPBACK}:${(proxyServer.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => proxyServer.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      tlsServer.closeAllConnections();
      await closed;
    },
  };
}

/** Runs a handler whose failure ends only its own connection: a closed client or a closing box. */
function settling(handler: Handler): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return (incoming, outgoing) => {
    handler(incoming, outgoing).catch(() => outgoing.destroy());
  };
}

function refuseConnect(socket: Duplex, target: string): void {
  const reason = `The sandbox refuses ${target}: none of its vendors answers there.\n`;
  socket.end(
    `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(reason)}\r\nConnection: close\r\n\r\n${reason}`,
  );
}

function refusePlainHttp(parts: ProxyParts, incoming: IncomingMessage, outgoing: ServerResponse): void {
  parts.onRefused({ method: incoming.method ?? "GET", target: incoming.url ?? "" });
  outgoing.writeHead(403, { "content-type": "text/plain" });
  outgoing.end("The sandbox refuses plain HTTP: every vendor speaks HTTPS.\n");
}
