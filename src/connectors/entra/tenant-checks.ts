import { z } from "zod";
import { type Instant, instant } from "../../domain/model/time.ts";
import type { Check, CheckCall, Checked, Finding } from "../../ports/check.ts";
import { certificateEnd } from "../graph/app-certificate.ts";
import { comparePermissions } from "../graph/app-permissions.ts";
import type { GraphClient } from "../graph/graph-client.ts";
import type { TokenSource } from "../graph/graph-credentials.ts";
import { tokenClaims } from "../graph/token-claims.ts";
import { unlessForbidden } from "../graph/unless-forbidden.ts";
import { findServiceProvider } from "./partner-check.ts";
import { readLicences } from "./survey-accounts.ts";

export interface TenantChecksOptions {
  readonly graph: GraphClient;
  readonly tokens: TokenSource;
  readonly tenant: string;
  readonly clientId: string;
  readonly credential: /** First three characters of the configured client secret, which is how Entra ID names one. */
    | { readonly kind: "secret"; readonly hint: string }
    | { readonly kind: "certificate"; readonly pem: string }
    | { readonly kind: "workload" };
  /** The rollout itself replaces security defaults and per-user MFA, for which the app needs two permissions more. */
  readonly replacesLegacyMfa?: boolean;
  /** `gdap` is what the customer's file says; `null` where it says nothing. */
  readonly msp: { readonly tenantId: string; readonly gdap: boolean | null };
}

/** A credential that ends sooner is named: a rollout takes weeks. */
const ENOUGH_DAYS = 30;
const DAY_MS = 86_400_000;

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
      (call) => unlessForbidden("The end of the client secret", () => this.#credential(call)),
      ({ signal }) => unlessForbidden("The licence", () => this.#licence(signal)),
      ({ signal }) => unlessForbidden("The MSP's relationship", () => this.#partner(signal)),
    ];
  }

  async #permissions(signal: AbortSignal): Promise<readonly Finding[]> {
    const { tokens, graph } = this.#options;
    const claims = tokenClaims(await tokens.token(`${graph.origin}/.default`, { signal }));
    if (claims === null) {
      return [{ state: "unknown", text: "The app signs in; its permissions cannot be read from its token." }];
    }
    const { missing, superfluous } = comparePermissions(claims.roles, this.#options.replacesLegacyMfa);
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

  #partner(signal: AbortSignal): Promise<readonly Finding[]> {
    const { graph, msp } = this.#options;
    return findServiceProvider(graph, msp, signal);
  }

  async #credential(call: CheckCall): Promise<readonly Finding[]> {
    const { credential } = this.#options;
    switch (credential.kind) {
      case "secret":
        return this.#secret(credential.hint, call);
      case "certificate":
        return [ending("certificate", certificateEnd(credential.pem), call.now)];
      case "workload":
        return [{ state: "good", text: "The app signs in with its workload's token; no secret of it can end." }];
    }
  }

  /** An app of the MSP's own tenant is registered there, so the customer's has no registration to read. */
  async #secret(secretHint: string, { now, signal }: CheckCall): Promise<readonly Finding[]> {
    const { graph, clientId } = this.#options;
    const path = `/v1.0/applications?$filter=appId eq '${clientId}'&$select=passwordCredentials`;
    const { value } = await graph.get(path, { schema: Applications, permission: "Application.Read.All", signal });
    const secrets = value.flatMap(({ passwordCredentials }) => passwordCredentials);
    const ends = secrets.flatMap(({ hint, endDateTime }) => (hint === secretHint ? [endDateTime] : [])).toSorted();
    const last = ends.at(-1);
    if (last !== undefined) return [ending("client secret", instant(last), now)];
    const where =
      value.length === 0 ? "only in the tenant of the app registration" : "in the app registration by a person";
    return [{ state: "unknown", text: `When the client secret ends can be read ${where}.` }];
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

/** How long a credential of the app still lasts. */
function ending(what: "client secret" | "certificate", end: Instant, now: Instant): Finding {
  const days = Math.floor((Date.parse(end) - Date.parse(now)) / DAY_MS);
  const day = end.slice(0, 10);
  if (days >= ENOUGH_DAYS) return { state: "good", text: `The ${what} is good until ${day}.` };
  const when = days < 0 ? `ended on ${day}` : `ends in ${days} day${days === 1 ? "" : "s"}, on ${day}`;
  const setting = what === "certificate" ? "tenant.certificate" : "tenant.client_secret";
  return {
    state: "wrong",
    text: `The ${what} ${when}.`,
    mend: `Make a new ${what} in the app registration and put it where ${setting} points.`,
  };
}

const shown = (at: Instant): string => `${at.slice(0, 16).replace("T", " ")} UTC`;
