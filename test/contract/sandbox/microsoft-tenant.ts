import { vi } from "vitest";
import { MICROSOFT_CLOUDS } from "../../../src/sandbox/core/microsoft-clouds.ts";
import { Router } from "../../../src/sandbox/core/router.ts";
import { Tokens } from "../../../src/sandbox/core/tokens.ts";
import type { Box, VendorFactory } from "../../../src/sandbox/core/vendor.ts";
import { createWorld } from "../../../src/sandbox/world/create-world.ts";
import type { Account } from "../../../src/sandbox/world/world.ts";

export const GRAPH = "https://graph.microsoft.com";
export const POWER_BI = "https://api.powerbi.com";
const RESOURCES: Readonly<Record<string, string>> = {
  [GRAPH]: "https://graph.microsoft.com",
  [POWER_BI]: "https://analysis.windows.net/powerbi/api",
};

export const SECRETS: Box["secrets"] = {
  entra: {
    clientId: "app",
    clientSecret: "app secret",
    certificatePem: "",
    oldCertificatePem: "",
    workload: { issuer: "", subject: "", token: "" },
  },
  teams: { clientId: "public app", refreshToken: "refresh token", user: "helpdesk@larkfieldfoods.com" },
  bamboohr: { company: "", apiKey: "" },
  gmail: { clientEmail: "", privateKeyPem: "", publicKeyPem: "", sender: "" },
  connectwise: { companyId: "", publicKey: "", privateKey: "", clientId: "", customer: "" },
  powerBi: { workspaceId: "11111111-1111-4111-8111-111111111111" },
  bigquery: { projectId: "", dataset: "", location: "" },
  looker: { host: "", clientId: "", clientSecret: "" },
  workday: { host: "", tenant: "", user: "", password: "", clientId: "", clientSecret: "", refreshToken: "" },
  mspTenantId: "22222222-2222-4222-8222-222222222222",
};

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** One of Microsoft's vendors of Larkfield Foods, asked without a network. Its time stands still but for `pass`. */
export function openTenant(make: VendorFactory, host: typeof GRAPH | typeof POWER_BI) {
  // The world's clock runs with this one; a slow machine must not change what a test sees.
  vi.useFakeTimers({ toFake: ["performance"] });
  const world = createWorld({ company: "larkfield", seed: 1, employees: 214, startsAt: "2026-10-05T13:00:00Z" });
  const tokens = new Tokens(() => world.now());
  const vendor = make({ world, cloud: MICROSOFT_CLOUDS.global, tokens, secrets: SECRETS });
  const router = new Router([vendor]);

  const ask = async (
    as: { readonly scopes: readonly string[]; readonly delegated: boolean },
    method: string,
    pathOrUrl: string,
    { body, headers = {} }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Answer> => {
    const audience = RESOURCES[host] ?? "";
    const token = tokens.issue({ audience, subject: "somebody", ...as, expiresAt: world.now() + 60_000 });
    const request = {
      method,
      url: new URL(pathOrUrl, host),
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      body: Buffer.from(body === undefined ? "" : JSON.stringify(body)),
    };
    const match = router.routeFor(vendor, request);
    const answer = match === undefined ? vendor.notFound(request) : await match.route.handle(request, match.parameters);
    // As it would arrive: undefined properties are gone, and the vendor's objects are not shared.
    const received: unknown = answer.body === undefined ? undefined : JSON.parse(JSON.stringify(answer.body));
    return { status: answer.status, headers: answer.headers ?? {}, body: received };
  };

  return {
    world,
    vendor,
    asApp: ask.bind(null, { scopes: [".default"], delegated: false }),
    asPerson: ask.bind(null, { scopes: ["ChannelMessage.Send", "ChannelMessage.Read.All"], delegated: true }),
    pass: (ms: number): void => world.moveTo(world.now() + ms),
    /** The first account that fits. */
    account: (fits: (account: Account) => boolean): Account => {
      const found = world.accounts.values().find(fits);
      if (found === undefined) throw new Error("this company has no such account");
      return found;
    },
  };
}

/** The value at a path such as `value/0/id`; a missing step is an error, so that a test cannot pass on nothing. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const step of path.split("/")) {
    if (typeof found !== "object" || found === null || !(step in found)) throw new Error(`nothing at ${path}`);
    found = Object.entries(found).find(([name]) => name === step)?.[1];
  }
  return found;
}

export function list(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  if (!Array.isArray(found)) throw new Error(`no list at ${path}`);
  return found;
}

export const text = (value: unknown, path: string): string => String(at(value, path));
