import { z } from "zod";
import type { SignIn } from "../../domain/model/signin.ts";
import { addHours, type Instant, instant } from "../../domain/model/time.ts";
import type { SignInLogPort } from "../../ports/sign-in-log.ts";
import type { GraphClient } from "../graph/graph-client.ts";
import type { EntraOptions } from "./entra-directory.ts";
import { IdSet } from "./id-set.ts";
import { GraphSignIn, toSignIn } from "./sign-in-schema.ts";

/** v1.0 holds interactive sign-ins only; legacy clients and ROPC mostly sign in without a person and are beta's. */
const LOGS = [
  { interactive: true, path: "/v1.0/auditLogs/signIns", filter: "" },
  {
    interactive: false,
    path: "/beta/auditLogs/signIns",
    filter: " and signInEventTypes/any(t: t eq 'nonInteractiveUser')",
  },
] as const;

/** Until then a new or changed policy may not be evaluated everywhere. @see microsoft.com, continuous access evaluation */
const POLICY_REACHES_ALL_HOURS = 24;

const PolicySince = z.object({
  state: z.string(),
  createdDateTime: z.iso.datetime({ offset: true }).nullish(),
  modifiedDateTime: z.iso.datetime({ offset: true }).nullish(),
});

/** Policies may be asked for once a second by all apps of the tenant together, so a look at them serves for this long. */
const POLICIES_KEPT_MS = 60_000;

/** Entra's sign-in log through Microsoft Graph v1.0 and beta, app-only. */
export class EntraSignInLog implements SignInLogPort {
  readonly source: string;
  readonly #graph: GraphClient;
  #evaluatedSince: { readonly since: Instant | null; readonly at: number } | null = null;

  constructor({ graph, tenant }: EntraOptions) {
    this.#graph = graph;
    this.source = `Microsoft Entra sign-in log (${tenant})`;
  }

  async *listSignIns(span: { from: Instant; to: Instant; signal: AbortSignal }): AsyncGenerator<SignIn> {
    const { signal } = span;
    const evaluatedSince = await this.#policiesEvaluatedSince(signal);
    const seen = new IdSet();
    let judged = 0;
    let shown = 0;
    for (const log of LOGS) {
      for await (const row of this.#rows(log, span)) {
        const signIn = toSignIn(row, log);
        // The log's filter knows `le` but not `lt`, and one sign-in may be served on two pages.
        if (signIn.at < span.from || signIn.at >= span.to || !seen.add(signIn.id)) continue;
        if (evaluatedSince !== null && signIn.at >= evaluatedSince) judged += 1;
        if (signIn.policies.length > 0) shown += 1;
        yield signIn;
      }
    }
    // Every sign-in names every active policy, if only as not applied.
    if (judged > 0 && shown === 0) throw this.#graph.errors.permission("Policy.Read.All", { hidden: "policy results" });
  }

  #rows(log: (typeof LOGS)[number], { from, to, signal }: { from: Instant; to: Instant; signal: AbortSignal }) {
    const filter = `createdDateTime ge ${from} and createdDateTime le ${to}${log.filter}`;
    const path = `${log.path}?$filter=${encodeURIComponent(filter)}&$top=1000`;
    return this.#graph.pages(path, { schema: GraphSignIn, permission: "AuditLog.Read.All", signal });
  }

  /**
   * From when on sign-ins must show policy results; `null` while no policy is active. Graph answers 200 and leaves the
   * results out when the app may read the log but no policies; reading the policies first turns that into a 403.
   */
  async #policiesEvaluatedSince(signal: AbortSignal): Promise<Instant | null> {
    const known = this.#evaluatedSince;
    if (known !== null && performance.now() - known.at < POLICIES_KEPT_MS) return known.since;
    const path = "/v1.0/identity/conditionalAccess/policies";
    const call = { schema: PolicySince, permission: "Policy.Read.All", signal, bulk: false };
    const policies = await Array.fromAsync(this.#graph.pages(path, call));
    const since = policies
      .filter(({ state }) => state !== "disabled")
      .flatMap(({ createdDateTime, modifiedDateTime }) => modifiedDateTime ?? createdDateTime ?? [])
      .map((at) => addHours(instant(at), POLICY_REACHES_ALL_HOURS))
      .sort();
    this.#evaluatedSince = { since: since[0] ?? null, at: performance.now() };
    return this.#evaluatedSince.since;
  }
}
