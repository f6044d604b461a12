import { z } from "zod";
import { GraphClient } from "../../src/connectors/graph/graph-client.ts";
import { EntraTokens } from "../../src/connectors/graph/graph-credentials.ts";
import type { VendorFactory } from "../../src/sandbox/core/vendor.ts";
import { graph } from "../../src/sandbox/vendors/graph/graph.ts";
import { microsoftLogin } from "../../src/sandbox/vendors/microsoft-login/microsoft-login.ts";
import { startBox, type TestBox } from "./box.ts";
import { READ_FAULTS, type ReadFault, WRITE_FAULTS, type WriteFault } from "./vendor-faults.ts";

/** What the Graph vendor dumps, as far as these tests read it. */
const Dump = z.object({
  entra: z.object({
    policies: z.array(z.looseObject({ id: z.string(), displayName: z.string() })),
    policyHistory: z.array(z.object({ method: z.string(), id: z.string(), body: z.unknown() })),
    groups: z.array(z.looseObject({ id: z.string(), mailNickname: z.string(), members: z.array(z.string()) })),
    deletedUsers: z.array(z.unknown()),
  }),
});

/** The app's tokens in the box's tenant. */
export function tokensIn({ secrets, world }: TestBox): EntraTokens {
  const { clientId, clientSecret } = secrets.entra;
  const credential = { kind: "secret", clientSecret } as const;
  return new EntraTokens({ cloud: "global", tenantId: world.tenantId, clientId, credential });
}

/** Graph as the app. */
export const graphIn = (box: TestBox): GraphClient => new GraphClient({ cloud: "global", tokens: tokensIn(box) });

/** The fictional tenant with a Graph client on it, as the product is wired. */
export async function startEntra(vendor: VendorFactory = graph) {
  const box = await startBox([microsoftLogin, vendor]);
  return {
    box,
    options: { graph: graphIn(box), tenant: box.world.tenantDomain },
    failRead: (kind: ReadFault, path?: string): Promise<void> =>
      box.fail({ vendor: "graph", method: "GET", ...READ_FAULTS[kind], ...(path === undefined ? {} : { path }) }),
    failWrite: (kind: WriteFault): Promise<void> =>
      box.fail(...["POST", "PATCH", "DELETE"].map((method) => ({ vendor: "graph", method, ...WRITE_FAULTS[kind] }))),
    held: async () => Dump.parse(await box.dump()).entra,
  };
}
