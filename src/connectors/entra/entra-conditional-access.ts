import { z } from "zod";
import type { AccessRules } from "../../domain/foresight/access-policy.ts";
import type { EntraObjectId } from "../../domain/model/ids.ts";
import type { PolicyState } from "../../domain/model/phase.ts";
import type { CaPolicy, LivePolicy } from "../../domain/model/policy.ts";
import { ConnectorRejectedError } from "../../errors.ts";
import type { ConditionalAccessPort, WhatIf } from "../../ports/conditional-access.ts";
import type { GraphClient } from "../graph/graph-client.ts";
import { pause } from "../http/pause.ts";
import { GraphAccessPolicy } from "./access-policy-schema.ts";
import type { EntraOptions } from "./entra-directory.ts";
import { GraphNamedLocation } from "./named-location-schema.ts";
import { GraphPolicy, STATE_TO_GRAPH, toGraphPolicy } from "./policy-json.ts";

interface Call {
  readonly signal: AbortSignal;
}

const POLICIES = "/v1.0/identity/conditionalAccess/policies";
const LOCATIONS = "/v1.0/identity/conditionalAccess/namedLocations";
const DEFAULTS = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy";
/** How often, and at what distance, a policy that defaults just turned off still bar is tried again. */
const SETTLING_TRIES = 10;
const SETTLING_MS = 1_000;
const READ = "Policy.Read.All";
/** Microsoft asks for all three to write; one alone is answered with 403. */
const WRITE = "Policy.Read.All, Policy.ReadWrite.ConditionalAccess and Application.Read.All";

/** What-If must name an application: Office 365 Exchange Online, which every tenant has and everybody signs in to. */
const EXCHANGE_ONLINE = "00000002-0000-0ff1-ce00-000000000000";

const WhatIfResult = z.object({ id: z.string().min(1), policyApplies: z.boolean() });

/**
 * What the numbers in Conditional Access refusals mean.
 *
 * @see https://github.com/AlexFilipin/ConditionalAccess/issues/3 and 4, microsoft-graph-docs-contrib issue 4162
 */
const REFUSALS: ReadonlyMap<number, string> = new Map([
  [1007, "a part of the policy is missing or has the wrong form"],
  [1011, "it names no application, or one that the tenant does not have"],
  [1032, "its grant controls do not go together"],
  [1040, "it names a location that Entra does not know yet"],
  [1064, "it names no client app type"],
]);

/** Conditional Access through Microsoft Graph v1.0, app-only; GraphClient keeps its rate of one request a second. */
export class EntraConditionalAccess implements ConditionalAccessPort {
  readonly source: string;
  readonly #graph: GraphClient;

  constructor({ graph, tenant }: EntraOptions) {
    this.#graph = graph;
    this.source = `Microsoft Entra Conditional Access (${tenant})`;
  }

  listPolicies({ signal }: Call): Promise<readonly LivePolicy[]> {
    return Array.fromAsync(this.#graph.pages(POLICIES, { schema: GraphPolicy, permission: READ, signal, bulk: false }));
  }

  async readAccessRules({ signal }: Call): Promise<AccessRules> {
    const call = { permission: READ, signal, bulk: false };
    const policies = await Array.fromAsync(this.#graph.pages(POLICIES, { ...call, schema: GraphAccessPolicy }));
    // Few tenants' policies name places, and a question to Conditional Access costs a second.
    const namesPlaces = policies.some(({ locations }) => locations !== null);
    const locations = namesPlaces
      ? await Array.fromAsync(this.#graph.pages(LOCATIONS, { ...call, schema: GraphNamedLocation }))
      : [];
    return { policies, locations };
  }

  getPolicy(id: string, { signal }: Call): Promise<LivePolicy | null> {
    return this.#graph.find(policyPath(id), { schema: GraphPolicy, permission: READ, signal });
  }

  async createPolicy(policy: CaPolicy, { signal }: Call): Promise<LivePolicy> {
    const call = { schema: GraphPolicy, permission: WRITE, signal, body: toGraphPolicy(policy) };
    return await explained(() => this.#graph.post(POLICIES, call));
  }

  async setState(id: string, state: PolicyState, { signal }: Call): Promise<void> {
    // The state alone: what else is sent would overwrite what a person has changed since we looked.
    const body = { state: STATE_TO_GRAPH[state] };
    const call = { schema: z.unknown(), permission: WRITE, signal, repeatable: true, body };
    for (let tries = 0; ; tries++) {
      try {
        await explained(() => this.#graph.patch(policyPath(id), call));
        return;
      } catch (error) {
        if (tries >= SETTLING_TRIES || !(await this.#isSettling(error, signal))) throw error;
        await pause(SETTLING_MS, signal);
      }
    }
  }

  /** Conditional Access goes on refusing for some seconds after security defaults were turned off. */
  async #isSettling(error: unknown, signal: AbortSignal): Promise<boolean> {
    if (!(error instanceof ConnectorRejectedError) || error.details.reason !== "security_defaults_on") return false;
    const schema = z.object({ isEnabled: z.boolean() });
    return !(await this.#graph.get(DEFAULTS, { schema, permission: READ, signal })).isEnabled;
  }

  asVendorJson(policy: CaPolicy): Readonly<Record<string, unknown>> {
    return { ...toGraphPolicy(policy) };
  }

  /** @see https://learn.microsoft.com/graph/api/conditionalaccessroot-evaluate */
  async whatIf(account: EntraObjectId, { signal }: Call): Promise<WhatIf> {
    const { value } = await this.#graph.post("/v1.0/identity/conditionalAccess/evaluate", {
      schema: z.object({ value: z.array(WhatIfResult) }),
      permission: "Policy.Read.ConditionalAccess",
      signal,
      repeatable: true,
      body: {
        signInIdentity: { "@odata.type": "#microsoft.graph.userSignIn", userId: account },
        signInContext: {
          "@odata.type": "#microsoft.graph.applicationContext",
          includeApplications: [EXCHANGE_ONLINE],
        },
        signInConditions: { clientAppType: "browser" },
        appliedPoliciesOnly: true,
      },
    });
    return { appliedPolicyIds: value.filter(({ policyApplies }) => policyApplies).map(({ id }) => id) };
  }
}

const policyPath = (id: string): string => `${POLICIES}/${encodeURIComponent(id)}`;

/** Says in our words why Entra refused a policy, where its number or its sentence is a known one. */
async function explained<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const why = error instanceof ConnectorRejectedError ? meaning(error.details) : null;
    if (!(error instanceof ConnectorRejectedError) || why === null) throw error;
    throw new ConnectorRejectedError(`Entra refused the policy: ${why}.`, {
      nextStep: error.details.reason === "security_defaults_on" ? DEFAULTS_OFF : "Draft the policy anew and compare.",
      details: error.details,
      cause: error,
    });
  }
}

const DEFAULTS_OFF = "Ask an administrator to turn security defaults off right before the policy is enforced.";

function meaning({ number, reason, status }: Readonly<Record<string, unknown>>): string | null {
  if (reason === "security_defaults_on") return "security defaults are on, and then no policy may be enforced";
  if (status === 404) return "there is no policy of that id, or it is too new to be changed";
  return typeof number === "number" ? (REFUSALS.get(number) ?? null) : null;
}
