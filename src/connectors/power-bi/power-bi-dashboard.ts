import { z } from "zod";
import { ConnectorAmbiguousError, ConnectorContractError, ConnectorPermissionError, StateError } from "../../errors.ts";
import type { Check, Finding } from "../../ports/check.ts";
import type { DashboardPort, DashboardSnapshot } from "../../ports/dashboard.ts";
import type { CloudName } from "../graph/clouds.ts";
import type { TokenSource } from "../graph/graph-credentials.ts";
import { tokenClaims } from "../graph/token-claims.ts";
import { VendorHttp } from "../http/vendor-http.ts";
import { MEASURES } from "./enrolment-measures.ts";
import { COLUMNS, snapshotQuery, TABLE, toRows } from "./enrolment-table.ts";
import { POWER_BI_CLOUDS } from "./power-bi-clouds.ts";

export interface PowerBiOptions {
  readonly cloud: CloudName;
  /** A shared workspace; an app cannot use "My workspace". */
  readonly workspaceId: string;
  readonly tokens: TokenSource;
  /** Longest wait for one answer; `ANSWER_MS` unless told. */
  readonly timeoutMs?: number;
}

interface Call {
  readonly signal: AbortSignal;
}

const DATASET = "MFA rollout";
const PERMISSION =
  "the Contributor role in the workspace with the tenant setting “Service principals can use Fabric APIs”";
/** Rows that one POST takes (Power BI: push semantic model limitations). */
const MAX_ROWS = 10_000;

const Datasets = z.object({ value: z.array(z.object({ id: z.guid(), name: z.string() })) });
const Members = z.object({ value: z.array(z.object({ identifier: z.string(), groupUserAccessRight: z.string() })) });
const WRITERS: ReadonlySet<string> = new Set(["Admin", "Member", "Contributor"]);
const Dataset = z.object({ id: z.guid() });
/** One query asks for one table (Power BI: Execute Queries). */
const QueryAnswer = z.object({
  results: z.tuple([z.object({ tables: z.tuple([z.object({ rows: z.array(z.record(z.string(), z.unknown())) })]) })]),
});

/**
 * A push dataset named "MFA rollout", one row per department and snapshot, with the measures that a report needs. Power BI
 * makes no new push datasets after 31 October 2027; those that exist go on. `FolderDashboard` needs none.
 *
 * @see https://learn.microsoft.com/power-bi/connect-data/service-real-time-streaming
 */
export class PowerBiDashboard implements DashboardPort {
  readonly source: string;
  readonly #http: VendorHttp;
  readonly #datasets: string;
  readonly #workspaceId: string;
  readonly #ownToken: (signal: AbortSignal) => Promise<string>;

  constructor({ cloud, workspaceId, tokens, timeoutMs }: PowerBiOptions) {
    const { api, scope } = POWER_BI_CLOUDS[cloud];
    this.source = `Power BI (workspace ${workspaceId})`;
    this.#workspaceId = workspaceId;
    this.#ownToken = (signal) => tokens.token(scope, { signal });
    this.#datasets = `/v1.0/myorg/groups/${encodeURIComponent(workspaceId)}/datasets`;
    this.#http = new VendorHttp({
      vendor: "Power BI",
      baseUrl: api,
      expiredCode: "TokenExpired",
      ...(timeoutMs !== undefined && { timeoutMs }),
      headers: async ({ fresh, signal }) => ({
        Authorization: `Bearer ${await tokens.token(scope, { forceRefresh: fresh, signal })}`,
      }),
    });
  }

  checks(): readonly Check[] {
    return [({ signal }) => this.#role(signal)];
  }

  async prepare(call: Call): Promise<{ readonly place: string }> {
    const id = (await this.#find(call)) ?? (await this.#create(call));
    return { place: `Power BI dataset “${DATASET}” (${id}) in workspace ${this.#workspaceId}` };
  }

  async append(snapshot: DashboardSnapshot, { signal }: Call): Promise<void> {
    if (snapshot.rows.length > MAX_ROWS) throw new RangeError(`a snapshot holds at most ${MAX_ROWS} rows`);
    const id = await this.#find({ signal });
    if (id === null) {
      throw new StateError(`The Power BI workspace has no dataset “${DATASET}”.`, {
        nextStep: "Call update_dashboard again: it makes the dataset first.",
      });
    }
    // One POST holds the whole snapshot, so that it is there wholly or not at all.
    await this.#http.post(`${this.#datasets}/${id}/tables/${TABLE}/rows`, {
      schema: z.unknown(),
      permission: PERMISSION,
      signal,
      body: { rows: toRows(snapshot) },
    });
  }

  /**
   * Asks by a DAX query: Execute Queries excludes Analysis Services and live connections, not push datasets. The query
   * needs a right and a tenant setting of its own, which writing does not, so its refusal is no answer, not an error.
   */
  async hasSnapshot(snapshotId: string, { signal }: Call): Promise<"present" | "absent" | "cannot_tell"> {
    // In each of that name: which of two came to be used depends on which could be seen.
    const ids = await this.#all({ signal });
    try {
      for (const id of ids) if (await this.#holds(id, snapshotId, { signal })) return "present";
      return "absent";
    } catch (error) {
      if (error instanceof ConnectorPermissionError || error instanceof ConnectorContractError) return "cannot_tell";
      throw error;
    }
  }

  /** An app is among the members by the object id of its service principal; it may also be there through a group. */
  async #role(signal: AbortSignal): Promise<readonly Finding[]> {
    const app = tokenClaims(await this.#ownToken(signal))?.servicePrincipal;
    const path = this.#datasets.replace(/datasets$/, "users");
    const members = await this.#http.find(path, { schema: Members, permission: PERMISSION, signal });
    if (members === null) {
      const mend = "Correct dashboard.workspace_id, or add the app to that workspace as a Contributor.";
      return [{ state: "wrong", text: "Power BI shows the app no such workspace.", mend }];
    }
    const role = members.value.find(({ identifier }) => identifier === app)?.groupUserAccessRight;
    if (role === undefined)
      return [{ state: "unknown", text: "The app reaches the workspace; its role is not shown." }];
    if (WRITERS.has(role)) return [{ state: "good", text: `The app is ${role} of the workspace.` }];
    const mend = "Make the app a Contributor of the workspace.";
    return [{ state: "wrong", text: `The app is ${role} of the workspace, which may not write.`, mend }];
  }

  async #holds(id: string, snapshotId: string, { signal }: Call): Promise<boolean> {
    const { results } = await this.#http.query(`${this.#datasets}/${id}/executeQueries`, {
      schema: QueryAnswer,
      permission: "the Build permission and the tenant setting “Dataset Execute Queries REST API”",
      signal,
      body: { queries: [{ query: snapshotQuery(snapshotId) }] },
    });
    return results[0].tables[0].rows.some((row) => row[`${TABLE}[snapshotId]`] === snapshotId);
  }

  /** Names are not unique; two processes that made one each must still agree on which to use. */
  async #find(call: Call): Promise<string | null> {
    return (await this.#all(call))[0] ?? null;
  }

  async #all({ signal }: Call): Promise<readonly string[]> {
    const { value } = await this.#http.get(this.#datasets, { schema: Datasets, permission: PERMISSION, signal });
    return value.flatMap(({ id, name }) => (name === DATASET ? [id] : [])).toSorted();
  }

  async #create(call: Call): Promise<string> {
    try {
      const { id } = await this.#http.post(this.#datasets, {
        schema: Dataset,
        permission: PERMISSION,
        signal: call.signal,
        query: { defaultRetentionPolicy: "None" },
        body: { name: DATASET, defaultMode: "Push", tables: [{ name: TABLE, columns: COLUMNS, measures: MEASURES }] },
      });
      return id;
    } catch (error) {
      const made = error instanceof ConnectorAmbiguousError ? await this.#find(call) : null;
      if (made === null) throw error;
      return made;
    }
  }
}
