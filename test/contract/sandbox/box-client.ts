import { Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Sandbox } from "../../../src/sandbox/core/sandbox.ts";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Whether the request went over a connection that an earlier one had opened. */
  readonly reused: boolean;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** A client whose only way out is the box's proxy, as the product under `HTTPS_PROXY`. */
export class BoxClient {
  readonly #controlUrl: string;
  readonly #agent: HttpsAgent;

  constructor(box: Pick<Sandbox, "proxyUrl" | "caPem" | "controlUrl">) {
    this.#controlUrl = box.controlUrl;
    this.#agent = new HttpsAgent({ keepAlive: true, ca: box.caPem, proxyEnv: { HTTPS_PROXY: box.proxyUrl } });
  }

  ask(url: string, { method = "GET", headers = {}, body, signal }: Asked = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const outgoing = httpsRequest(
        url,
        { method, headers, agent: this.#agent, ...(signal && { signal }) },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              text: Buffer.concat(chunks).toString(),
              reused: outgoing.reusedSocket,
            }),
          );
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  /** Talks to the box itself. */
  async control(method: string, path: string, body?: unknown): Promise<Omit<Reply, "reused">> {
    const reply = await fetch(`${this.#controlUrl}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: reply.status, headers: Object.fromEntries(reply.headers), text: await reply.text() };
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A plain-HTTP request through the proxy, as a misconfigured client would send it. */
export function askPlainly(proxyUrl: string, url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ proxyEnv: { HTTP_PROXY: proxyUrl } });
    httpRequest(url, { agent }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}
