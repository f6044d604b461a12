import { z } from "zod";
import type { Finding } from "../../ports/check.ts";
import type { GraphClient } from "../graph/graph-client.ts";

const Partner = z.object({ isServiceProvider: z.boolean().nullish() });

/**
 * Whether the tenant knows the MSP as its service provider, which a granular delegated admin relationship (GDAP) makes
 * it. Our policies leave out the users of that tenant, so a wrong id would shut the MSP's own technicians out.
 *
 * @param msp.gdap - What the customer's file says; `null` where it says nothing.
 * @see https://learn.microsoft.com/graph/api/resources/crosstenantaccesspolicyconfigurationpartner
 */
export async function findServiceProvider(
  graph: GraphClient,
  msp: { readonly tenantId: string; readonly gdap: boolean | null },
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (msp.gdap === false) return [];
  const path = `/v1.0/policies/crossTenantAccessPolicy/partners/${encodeURIComponent(msp.tenantId)}`;
  const partner = await graph.find(path, { schema: Partner, permission: "Policy.Read.All", signal });
  if (partner?.isServiceProvider === true) {
    return [{ state: "good", text: "The tenant has the MSP as its service provider (GDAP)." }];
  }
  const text = "The tenant does not have the MSP's tenant as its service provider";
  if (msp.gdap === null) {
    return [{ state: "unknown", text: `${text}, which is in order where no technician comes through GDAP.` }];
  }
  const mend =
    "Correct msp.tenant_id, or have the customer approve the GDAP relationship with the MSP in the Microsoft 365 admin centre.";
  return [{ state: "wrong", text: `${text}, so no GDAP relationship is in force.`, mend }];
}
