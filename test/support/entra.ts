import { z } from "zod";
import { GraphClient } from "../../src/connectors/graph/graph-client.ts";
import { EntraTokens } from "../../src/connectors/graph/graph-credentials.ts";
import type { VendorFactory } from "../../src/sandbox/core/vendor.ts";
import { graph } from "../../src/sandbox/vendors/graph/graph.ts";
import { microsoftLogin } from "../../src/sandbox/vendors/microsoft-login/microsoft-login.ts";
import { type FaultRule, startBox } from "./box.ts";

/** What the Graph vendor dumps, as far as these tests read it. */
const Dump = z.object({
  entra: z.object({
    policies: z.array(z.looseObject({ id: z.string(), displayName: z.string() })),
    policyHistory: z.array(z.object({ method: z.string(), id: z.string(), body: z.unknown() })),
    groups: z.array(z.looseObject({ id: z.string(), mailNickname: z.string(), members: z.array(z.string()) })),
    deletedUsers: z.array(z.unknown()),
  }),
});

/** Ways in which a read fails, as this vendor fails. */
export const READ_FAULTS = {
  truncated: { kind: "truncated" },
  html: { kind: "html" },
  unavailable: { kind: "status", status: 502 },
  throttled: { kind: "status", status: 429, retryAfterSeconds: 1 },
  forbidden: { kind: "status", status: 403 },
} as const satisfies Record<string, FaultRule>;

/** Ways in which a write fails; `unavailable` is an error answer to a write that was carried out. */
export const WRITE_FAULTS = {
  lost_answer: { kind: "lost_answer" },
  unavailable: { kind: "status_after", status: 503 },
  throttled: { kind: "status", status: 429 },
} as const satisfies Record<string, FaultRule>;

/** The fictional tenant with a Graph client on it, as the product is wired. */
export async function startEntra(vendor: VendorFactory = graph) {
  const box = await startBox([microsoftLogin, vendor]);
  const { entra } = box.secrets;
  const tokens = new EntraTokens({
    cloud: "global",
    tenantId: box.world.tenantId,
    clientId: entra.clientId,
    credential: { kind: "secret", clientSecret: entra.clientSecret },
  });
  const client = new GraphClient({ cloud: "global", tokens });
  return {
    box,
    options: { graph: client, tenant: box.world.tenantDomain },
    failRead: (kind: keyof typeof READ_FAULTS, path?: string): Promise<void> =>
      box.fail({ vendor: "graph", method: "GET", ...READ_FAULTS[kind], ...(path === undefined ? {} : { path }) }),
    failWrite: (kind: keyof typeof WRITE_FAULTS): Promise<void> =>
      box.fail(...["POST", "PATCH", "DELETE"].map((method) => ({ vendor: "graph", method, ...WRITE_FAULTS[kind] }))),
    held: async () => Dump.parse(await box.dump()).entra,
  };
}
