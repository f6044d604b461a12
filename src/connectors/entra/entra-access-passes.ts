import { z } from "zod";
import type { EntraObjectId } from "../../domain/model/ids.ts";
import { PassCode } from "../../domain/model/pass-code.ts";
import { type Instant, instant } from "../../domain/model/time.ts";
import { ConnectorRejectedError } from "../../errors.ts";
import type { AccessPass, AccessPassPort, PassPolicy } from "../../ports/access-passes.ts";
import type { GraphClient } from "../graph/graph-client.ts";
import type { EntraOptions } from "./entra-directory.ts";

interface Call {
  readonly signal: AbortSignal;
}

const MAKE_PASSES = "UserAuthMethod-TAP.ReadWrite.All";
const ALL_USERS = "all_users";

const Target = z.object({ id: z.string() });
const MethodsPolicy = z.object({
  authenticationMethodConfigurations: z.array(
    z.looseObject({
      id: z.string(),
      state: z.string(),
      minimumLifetimeInMinutes: z.int().optional(),
      maximumLifetimeInMinutes: z.int().optional(),
      includeTargets: z.array(Target).nullish(),
      excludeTargets: z.array(Target).nullish(),
    }),
  ),
});
const Passes = z.object({
  value: z.array(
    z.object({
      id: z.string().min(1),
      startDateTime: z.iso.datetime({ offset: true }),
      methodUsabilityReason: z.string().nullish(),
    }),
  ),
});
/** The one answer that holds the passcode: it becomes a `PassCode` before anything else sees it. */
const MadePass = z
  .object({ id: z.string().min(1), temporaryAccessPass: z.string().min(1) })
  .transform(({ id, temporaryAccessPass }) => ({ id, code: new PassCode(temporaryAccessPass) }));
const RoleAssignments = z.object({ value: z.array(z.object({ id: z.string() })) });

/** What Entra says of a pass that opens nothing any more. */
const OVER: ReadonlySet<string> = new Set(["Expired", "OneTimeUsed"]);

/**
 * Passes through Microsoft Graph v1.0, app-only. The right to make them opens every account of the tenant, so it is
 * consented to only where passes are wanted.
 * @see https://learn.microsoft.com/graph/api/resources/temporaryaccesspassauthenticationmethod
 */
export class EntraAccessPasses implements AccessPassPort {
  readonly source: string;
  readonly #graph: GraphClient;

  constructor({ graph, tenant }: EntraOptions) {
    this.#graph = graph;
    this.source = `Microsoft Entra ID, Temporary Access Passes (${tenant})`;
  }

  async readPolicy({ signal }: Call): Promise<PassPolicy> {
    const { authenticationMethodConfigurations } = await this.#graph.get("/v1.0/policies/authenticationMethodsPolicy", {
      schema: MethodsPolicy,
      permission: "Policy.Read.All",
      signal,
    });
    const found = authenticationMethodConfigurations.find(({ id }) => id.toLowerCase() === "temporaryaccesspass");
    const targets = (found?.includeTargets ?? []).map(({ id }) => id);
    return {
      enabled: found?.state === "enabled",
      minimumMinutes: found?.minimumLifetimeInMinutes ?? 60,
      maximumMinutes: found?.maximumLifetimeInMinutes ?? 480,
      groups: targets.includes(ALL_USERS) ? null : targets,
      excludedGroups: (found?.excludeTargets ?? []).map(({ id }) => id),
    };
  }

  async holdsRole(objectId: EntraObjectId, { signal }: Call): Promise<boolean> {
    const path = `/v1.0/roleManagement/directory/roleAssignments?$filter=principalId eq '${objectId}'&$select=id`;
    const call = { schema: RoleAssignments, permission: "RoleManagement.Read.Directory", signal };
    return (await this.#graph.get(path, call)).value.length > 0;
  }

  async listPasses(objectId: EntraObjectId, { signal }: Call): Promise<readonly AccessPass[]> {
    const { value } = await this.#graph.get(pathOf(objectId), { schema: Passes, permission: MAKE_PASSES, signal });
    return value.map(({ id, startDateTime, methodUsabilityReason }) => ({
      id,
      startsAt: instant(startDateTime),
      over: OVER.has(methodUsabilityReason ?? ""),
    }));
  }

  issuePass(
    { objectId, startsAt, minutes }: { objectId: EntraObjectId; startsAt: Instant; minutes: number },
    { signal }: Call,
  ): Promise<{ readonly id: string; readonly code: PassCode }> {
    const body = { startDateTime: startsAt, lifetimeInMinutes: minutes, isUsableOnce: true };
    return this.#graph.post(pathOf(objectId), { schema: MadePass, permission: MAKE_PASSES, signal, body });
  }

  async deletePass(objectId: EntraObjectId, id: string, { signal }: Call): Promise<void> {
    const path = `${pathOf(objectId)}/${encodeURIComponent(id)}`;
    try {
      await this.#graph.delete(path, { schema: z.unknown(), permission: MAKE_PASSES, signal, repeatable: true });
    } catch (error) {
      const isGone = error instanceof ConnectorRejectedError && error.details.status === 404;
      if (!isGone) throw error;
    }
  }
}

const pathOf = (objectId: EntraObjectId): string =>
  `/v1.0/users/${encodeURIComponent(objectId)}/authentication/temporaryAccessPassMethods`;
