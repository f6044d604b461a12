import { z } from "zod";
import { type EntraObjectId, entraObjectId } from "../../domain/model/ids.ts";
import type { SurveyedAccount } from "../../domain/pitfalls/facts.ts";
import { ConnectorContractError } from "../../errors.ts";
import type { GraphClient } from "../graph/graph-client.ts";

/** Service plans of Entra ID P1 and P2; P2 brings Privileged Identity Management. */
const PREMIUM: ReadonlySet<string> = new Set(["AAD_PREMIUM", "AAD_PREMIUM_P2"]);
/** Products for frontline workers: Microsoft 365 F1 and F3, Office 365 F3. @see licensing-service-plan-reference */
const FRONTLINE: ReadonlySet<string> = new Set(["M365_F1", "M365_F1_COMM", "SPE_F1", "DESKLESSPACK"]);

/** Products for meeting rooms and shared phones. */
const SHARED_DEVICE =
  /^(MEETING_ROOM.*|Microsoft_Teams_Rooms_(Basic|Pro).*|MCOCAP.*|Microsoft_Teams_Shared_Devices.*)$/i;

const Sku = z.object({
  skuId: z.string(),
  skuPartNumber: z.string(),
  servicePlans: z.array(
    z.object({ servicePlanId: z.string(), servicePlanName: z.string(), provisioningStatus: z.string() }),
  ),
});
const LicensedUser = z.object({
  id: z.string().min(1),
  assignedLicenses: z.array(z.object({ skuId: z.string(), disabledPlans: z.array(z.string()).nullish() })),
  perUserMfaState: z.enum(["disabled", "enabled", "enforced"]).nullish(),
});

interface Licences {
  readonly hasPrivilegedIdentityManagement: boolean;
  /** Ids of premium plans by product. */
  readonly premium: ReadonlyMap<string, readonly string[]>;
  readonly frontline: ReadonlySet<string>;
  readonly sharedDevice: ReadonlySet<string>;
}

/** What the tenant's products bring. */
export async function readLicences(graph: GraphClient, signal: AbortSignal): Promise<Licences> {
  const call = { schema: Sku, permission: "LicenseAssignment.Read.All", signal };
  const skus = await Array.fromAsync(graph.pages("/v1.0/subscribedSkus", call));
  const plansOf = ({ servicePlans }: z.output<typeof Sku>) =>
    servicePlans.filter((plan) => PREMIUM.has(plan.servicePlanName) && plan.provisioningStatus !== "Disabled");
  return {
    hasPrivilegedIdentityManagement: skus.some((sku) =>
      plansOf(sku).some(({ servicePlanName }) => servicePlanName === "AAD_PREMIUM_P2"),
    ),
    premium: new Map(skus.map((sku) => [sku.skuId, plansOf(sku).map(({ servicePlanId }) => servicePlanId)])),
    sharedDevice: new Set(skus.flatMap(({ skuId, skuPartNumber }) => (SHARED_DEVICE.test(skuPartNumber) ? skuId : []))),
    frontline: new Set(skus.flatMap(({ skuId, skuPartNumber }) => (FRONTLINE.has(skuPartNumber) ? skuId : []))),
  };
}

/**
 * Licences and per-user MFA of every account, a page at a time. `perUserMfaState` on the list is not in Graph's published
 * schema: documented is a call for each user. Where Graph refuses it or leaves it out, the answer is "not known".
 *
 * @see https://github.com/KelvinTegelaar/CIPP-API, Get-CIPPMFAState.ps1, which reads it so in production
 */
export async function surveyAccounts(
  graph: GraphClient,
  licences: Licences,
  signal: AbortSignal,
): Promise<ReadonlyMap<EntraObjectId, SurveyedAccount>> {
  try {
    return await read(graph, "id,assignedLicenses,perUserMfaState", { licences, signal });
  } catch (error) {
    if (!(error instanceof ConnectorContractError && error.details.status === 400)) throw error;
    return await read(graph, "id,assignedLicenses", { licences, signal });
  }
}

async function read(
  graph: GraphClient,
  select: string,
  { licences, signal }: { readonly licences: Licences; readonly signal: AbortSignal },
): Promise<ReadonlyMap<EntraObjectId, SurveyedAccount>> {
  const accounts = new Map<EntraObjectId, SurveyedAccount>();
  const call = { schema: LicensedUser, permission: "User.Read.All", signal };
  for await (const user of graph.pages(`/v1.0/users?$select=${select}&$top=999`, call)) {
    accounts.set(entraObjectId(user.id), {
      premium: user.assignedLicenses.some(({ skuId, disabledPlans }) =>
        licences.premium.get(skuId)?.some((plan) => disabledPlans?.includes(plan) !== true),
      ),
      frontline: user.assignedLicenses.some(({ skuId }) => licences.frontline.has(skuId)),
      sharedDevice: user.assignedLicenses.some(({ skuId }) => licences.sharedDevice.has(skuId)),
      perUserMfa: user.perUserMfaState ?? null,
    });
  }
  return accounts;
}
