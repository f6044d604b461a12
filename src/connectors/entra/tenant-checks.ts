import { z } from "zod";
import type { Instant } from "../../domain/model/time.ts";
import type { Check, CheckCall, Checked, Finding } from "../../ports/check.ts";
import { comparePermissions } from "../graph/app-permissions.ts";
import type { GraphClient } from "../graph/graph-client.ts";
import type { TokenSource } from "../graph/graph-credentials.ts";
import { tokenClaims } from "../graph/token-claims.ts";
import { unlessForbidden } from "../graph/unless-forbidden.ts";
import { readLicences } from "./survey-accounts.ts";

export interface TenantChecksOptions {
  readonly graph: GraphClient;
  readonly tokens: TokenSource;
  readonly tenant: string;
  readonly clientId: string;
  /** First three characters of the configured client secret, which is how Entra ID names one. */
  readonly secretHint: string;
}

/** A secret that ends sooner is named: a rollout takes weeks. */
const SECRET_DAYS = 30;

const Applications = z.object({
  value: z.array(
    z.object({
      passwordCredentials: z.array(
        z.object({ hint: z.string().nullish(), endDateTime: z.iso.datetime({ offset: true }) }),
      ),
    }),
  ),
});

/** The app registration in the tenant: what it may do, how long its secret lasts; and the tenant's licence. */
export class EntraTenantChecks implements Checked {
  readonly source: string;
  readonly #options: TenantChecksOptions;

  constructor(options: TenantChecksOptions) {
    this.source = `Microsoft Entra ID (tenant ${options.tenant})`;
    this.#options = options;
  }

  checks(): readonly Check[] {
    return [
      ({ signal }) => this.#permissions(signal),
      (call) => unlessForbidden("The end of the client secret", () => this.#secret(call)),
      ({ signal }) => unlessForbidden("The licence", () => this.#licence(signal)),
    ];
  }

  async #permissions(signal: AbortSignal): Promise<readonly Finding[]> {
    const { tokens, graph } = this.#options;
    const claims = tokenClaims(await tokens.token(`${graph.origin}/.default`, { signal }));
    if (claims === null) {
      return [{ state: "unknown", text: "The app signs in; its permissions cannot be read from its token." }];
    }
    const { missing, superfluous } = comparePermissions(claims.roles);
    return [
      { state: "good", text: `The app signs in; its token is good until ${shown(claims.endsAt)}.` },
      ...missing.map(
        (name): Finding => ({
          state: "wrong",
          text: `The app lacks the application permission ${name}.`,
          mend: `Add ${name} (Microsoft Graph, application) to the app registration and have an administrator consent to it.`,
        }),
      ),
      ...superfluous.map(
        (name): Finding => ({
          state: "wrong",
          text: `The app holds ${name}, which the job does not need.`,
          mend: `Remove ${name} from the app registration and revoke the consent to it in the tenant.`,
        }),
      ),
      ...(missing.length + superfluous.length === 0
        ? [
            {
              state: "good",
              text: `It holds the ${claims.roles.length} permissions that the job needs and no more.`,
            } as const,
          ]
        : []),
    ];
  }

  /** An app of the MSP's own tenant is registered there, so the customer's has no registration to read. */
  async #secret({ now, signal }: CheckCall): Promise<readonly Finding[]> {
    const { graph, clientId, secretHint } = this.#options;
    const path = `/v1.0/applications?$filter=appId eq '${clientId}'&$select=passwordCredentials`;
    const { value } = await graph.get(path, { schema: Applications, permission: "Application.Read.All", signal });
    const secrets = value.flatMap(({ passwordCredentials }) => passwordCredentials);
    const ends = secrets.flatMap(({ hint, endDateTime }) => (hint === secretHint ? [endDateTime] : [])).toSorted();
    const last = ends.at(-1);
    if (last === undefined) return [{ state: "unknown", text: "When the client secret ends cannot be read here." }];
    const days = Math.floor((Date.parse(last) - Date.parse(now)) / 86_400_000);
    if (days >= SECRET_DAYS) return [{ state: "good", text: `The client secret is good until ${last.slice(0, 10)}.` }];
    return [
      {
        state: "wrong",
        text: `The client secret ends in ${days} day${days === 1 ? "" : "s"}, on ${last.slice(0, 10)}.`,
        mend: "Make a new client secret in the app registration and put it where tenant.client_secret points.",
      },
    ];
  }

  async #licence(signal: AbortSignal): Promise<readonly Finding[]> {
    const { premium } = await readLicences(this.#options.graph, signal);
    if ([...premium.values()].some((plans) => plans.length > 0)) {
      return [{ state: "good", text: "The tenant has Entra ID P1." }];
    }
    return [
      {
        state: "wrong",
        text: "The tenant has no Entra ID P1, so it cannot have Conditional Access policies.",
        mend: "Have the customer license Entra ID P1 or P2 (Microsoft 365 Business Premium has it).",
      },
    ];
  }
}

const shown = (at: Instant): string => `${at.slice(0, 16).replace("T", " ")} UTC`;
