import { setTimeout as pause } from "node:timers/promises";
import { MICROSOFT_CLOUDS } from "../../src/sandbox/core/microsoft-clouds.ts";
import { Router } from "../../src/sandbox/core/router.ts";
import { Tokens } from "../../src/sandbox/core/tokens.ts";
import type { Box, Vendor } from "../../src/sandbox/core/vendor.ts";
import { graph } from "../../src/sandbox/vendors/graph/graph.ts";
import type { World } from "../../src/sandbox/world/world.ts";

const GRAPH = "https://graph.microsoft.com";
/** Longer than any pace that Graph keeps, so that no question of a still world is ever throttled. */
const BETWEEN_REQUESTS_MS = 2_100;

const SECRETS: Box["secrets"] = {
  entra: {
    clientId: "app",
    clientSecret: "",
    certificatePem: "",
    oldCertificatePem: "",
    workload: { issuer: "", subject: "", token: "" },
  },
  teams: { clientId: "", refreshToken: "", user: "" },
  bamboohr: { company: "", apiKey: "" },
  gmail: { clientEmail: "", privateKeyPem: "", publicKeyPem: "", sender: "" },
  connectwise: { companyId: "", publicKey: "", privateKey: "", clientId: "", customer: "" },
  powerBi: { workspaceId: "" },
  bigquery: { projectId: "", dataset: "", location: "" },
  looker: { host: "", clientId: "", clientSecret: "" },
  workday: { host: "", tenant: "", user: "", password: "", clientId: "", clientSecret: "", refreshToken: "" },
  mspTenantId: "99999999-0000-4000-8000-000000000001",
};

/** A tenant of the sandbox in this process, asked by HTTP requests and answering with what would be on the wire. */
export interface StillTenant {
  readonly world: World;
  /** The bearer token by which `answeringFor` finds this tenant. */
  readonly token: string;
  answer(request: Request): Promise<Response>;
  /** Asks as the app itself; the answer's body, parsed. @throws {Error} it was refused. */
  ask(method: "GET" | "POST" | "PATCH", path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>>;
}

export function openStillTenant(world: World): StillTenant {
  const tokens = new Tokens(() => world.now());
  const vendor: Vendor = graph({ world, cloud: MICROSOFT_CLOUDS.global, tokens, secrets: SECRETS });
  const router = new Router([vendor]);
  const subject = world.guid("app");
  const expiresAt = Number.POSITIVE_INFINITY;
  const token = tokens.issue({ audience: GRAPH, subject, scopes: [".default"], delegated: false, expiresAt });

  async function answer(request: Request): Promise<Response> {
    world.moveTo(world.now() + BETWEEN_REQUESTS_MS);
    const asked = {
      method: request.method,
      url: new URL(request.url),
      headers: Object.fromEntries(request.headers),
      body: Buffer.from(await request.arrayBuffer()),
    };
    const match = router.routeFor(vendor, asked);
    const { status, headers, body } =
      match === undefined ? vendor.notFound(asked) : await match.route.handle(asked, match.parameters);
    const text = body === undefined ? null : JSON.stringify(body);
    return new Response(text, { status, headers: { "content-type": "application/json", ...headers } });
  }

  return {
    world,
    token,
    answer,
    async ask(method, path, body) {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await answer(new Request(new URL(path, GRAPH), { method, headers, ...sent }));
      const received = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${received}`);
      return received === "" ? {} : (JSON.parse(received) as Readonly<Record<string, unknown>>); // Graph answers with objects
    },
  };
}

/**
 * Takes the place of `fetch` for many tenants at once; each is known by its token. Undone on disposal.
 */
export function answeringFor(tenants: ReadonlyMap<string, StillTenant>): Disposable {
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const tenant = tenants.get(request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "");
    if (tenant === undefined) throw new TypeError("this request is for no random tenant");
    await pause(0);
    return tenant.answer(request);
  };
  return {
    [Symbol.dispose]: () => {
      globalThis.fetch = real;
    },
  };
}
