import { z } from "zod";
import type { EntraObjectId } from "../../domain/model/ids.ts";
import type { PerUserMfa } from "../../domain/model/protection.ts";
import type { LegacyMfaPort } from "../../ports/legacy-mfa.ts";
import { batch, MAX_BATCH_ITEMS } from "../graph/batch.ts";
import type { GraphClient } from "../graph/graph-client.ts";
import type { EntraOptions } from "./entra-directory.ts";

interface Call {
  readonly signal: AbortSignal;
}

const DEFAULTS = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy";
const Requirements = z.object({ perUserMfaState: z.enum(["disabled", "enabled", "enforced"]) });

/** Security defaults in Graph v1.0; per-user MFA in its beta, which alone has it, twenty accounts a request. */
export class EntraLegacyMfa implements LegacyMfaPort {
  readonly source: string;
  readonly #graph: GraphClient;

  constructor({ graph, tenant }: EntraOptions) {
    this.#graph = graph;
    this.source = `Microsoft Entra ID (${tenant})`;
  }

  async areSecurityDefaultsOn({ signal }: Call): Promise<boolean> {
    const schema = z.object({ isEnabled: z.boolean() });
    return (await this.#graph.get(DEFAULTS, { schema, permission: "Policy.Read.All", signal })).isEnabled;
  }

  async turnOffSecurityDefaults({ signal }: Call): Promise<void> {
    await this.#graph.patch(DEFAULTS, {
      schema: z.unknown(),
      permission: "Policy.Read.All and Policy.ReadWrite.SecurityDefaults",
      signal,
      repeatable: true,
      body: { isEnabled: false },
    });
  }

  async perUserMfa(
    accounts: readonly EntraObjectId[],
    { signal }: Call,
  ): Promise<ReadonlyMap<EntraObjectId, PerUserMfa>> {
    const states = new Map<EntraObjectId, PerUserMfa>();
    for (const some of inBatches(accounts)) {
      const items = some.map((id) => ({ method: "GET" as const, url: requirements(id) }));
      const call = { schema: Requirements, permission: "Policy.Read.All", signal, version: "beta" as const };
      const answers = await batch(this.#graph, items, call);
      for (const [index, id] of some.entries()) {
        const answer = answers[index];
        if (answer) states.set(id, answer.perUserMfaState);
      }
    }
    return states;
  }

  async endPerUserMfa(accounts: readonly EntraObjectId[], { signal }: Call): Promise<void> {
    for (const some of inBatches(accounts)) {
      const body = { perUserMfaState: "disabled" };
      await batch(
        this.#graph,
        some.map((id) => ({ method: "PATCH", url: requirements(id), body })),
        { schema: z.unknown(), permission: "Policy.ReadWrite.AuthenticationMethod", signal, version: "beta" },
      );
    }
  }
}

/** @see https://learn.microsoft.com/graph/api/authentication-update?view=graph-rest-beta */
const requirements = (id: EntraObjectId): string => `/users/${id}/authentication/requirements`;

function* inBatches<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += MAX_BATCH_ITEMS) yield list.slice(start, start + MAX_BATCH_ITEMS);
}
