import { hostsOf } from "../../core/microsoft-clouds.ts";
import type {
  Box,
  PathParameters,
  Route,
  Vendor,
  VendorFactory,
  VendorRequest,
  VendorResponse,
} from "../../core/vendor.ts";
import { servicePrincipalOf } from "../../world/service-principal.ts";
import { evaluateDax } from "./dax.ts";
import { appendRows, type PushDataset, readColumns, readMeasures, readTables } from "./push-dataset.ts";

const POSTS_PER_MINUTE = 120;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** learn.microsoft.com/power-bi/connect-data/service-real-time-streaming: no new push datasets after this day. */
const LAST_CREATION = Date.parse("2027-11-01T00:00:00Z");
/** Every how many creations the vendor answers 202 instead of 201; the swagger allows both. */
const ACCEPTED_EVERY = 3;

/** Power BI with its tenant settings as the product's guide asks for them. */
export const powerBi: VendorFactory = powerBiWith({});

interface Settings {
  /** The tenant setting "Dataset Execute Queries REST API". */
  readonly executeQueries: boolean;
  /** What the app is in the workspace. */
  readonly role: "Admin" | "Member" | "Contributor" | "Viewer";
}

export function powerBiWith(changed: Partial<Settings>): VendorFactory {
  const settings: Settings = { executeQueries: true, role: "Contributor", ...changed };
  return (box): Vendor => {
    const datasets = new Map<string, PushDataset>();
    return {
      name: "power-bi",
      hosts: hostsOf(({ powerBi }) => [powerBi.api]),
      routes: new PowerBi(box, settings, datasets).routes(),
      notFound: () => powerBiError(404, "ResourceNotFound"),
      htmlPage: "<!DOCTYPE html><html><head><title>Power BI</title></head><body>Signing in…</body></html>",
      failure: (status) =>
        status === 429 ? tooMany(1) : powerBiError(status, status === 503 ? "ServiceUnavailable" : "UnknownError"),
      dump: () => ({ powerBi: { datasets: [...datasets.values()].map(dumped) } }),
    };
  };
}

/** The routes of one workspace; the REST reference's operation is named at each. */
class PowerBi {
  readonly #box: Box;
  readonly #settings: Settings;
  readonly #datasets: Map<string, PushDataset>;
  /** World times of accepted row posts of the last minute, by dataset. */
  readonly #posts = new Map<string, number[]>();
  #created = 0;

  constructor(box: Box, settings: Settings, datasets: Map<string, PushDataset>) {
    this.#box = box;
    this.#settings = settings;
    this.#datasets = datasets;
  }

  routes(): readonly Route[] {
    const group = "/v1.0/myorg/groups/:group";
    const table = `${group}/datasets/:id/tables/:table`;
    return [
      // Groups - Get Groups
      this.#route("GET", "/v1.0/myorg/groups", () => ({
        status: 200,
        body: { value: [{ id: this.#box.secrets.powerBi.workspaceId, name: "MFA rollout", isReadOnly: false }] },
      })),
      // Groups - Get Group Users. An app is named by the object id of its service principal.
      this.#route("GET", `${group}/users`, () => ({
        status: 200,
        body: {
          value: [
            {
              displayName: "mfa-rollout",
              identifier: servicePrincipalOf(this.#box.world),
              groupUserAccessRight: this.#settings.role,
              principalType: "App",
            },
          ],
        },
      })),
      // "My workspace" is nobody's to an app: learn.microsoft.com/power-bi/developer/embedded/embed-service-principal
      this.#route("GET", "/v1.0/myorg/datasets", () => powerBiError(403, "PowerBINotAuthorizedException")),
      // Push Datasets - Datasets PostDatasetInGroup
      this.#route("POST", `${group}/datasets`, (request) => this.#create(request)),
      // Datasets - Get Datasets In Group. Names are not unique.
      this.#route("GET", `${group}/datasets`, () => ({
        status: 200,
        body: { value: [...this.#datasets.values()].map((dataset) => this.#shown(dataset)) },
      })),
      // Datasets - Delete Dataset In Group
      this.#route("DELETE", `${group}/datasets/:id`, (_request, { id = "" }) =>
        this.#datasets.delete(id) ? { status: 200 } : powerBiError(404, "ItemNotFound"),
      ),
      // Push Datasets - Datasets GetTablesInGroup
      this.#route("GET", `${group}/datasets/:id/tables`, (_request, { id = "" }) => {
        const dataset = this.#datasets.get(id);
        if (dataset === undefined) return powerBiError(404, "ItemNotFound");
        return { status: 200, body: { value: [...dataset.tables.keys()].map((name) => ({ name })) } };
      }),
      // Push Datasets - Datasets PutTableInGroup
      this.#route("PUT", table, (request, parameters) => this.#putTable(request, parameters)),
      // Push Datasets - Datasets PostRowsInGroup
      this.#route("POST", `${table}/rows`, (request, parameters) => this.#post(request, parameters)),
      // Push Datasets - Datasets DeleteRowsInGroup: all of them, there is no filter.
      this.#route("DELETE", `${table}/rows`, (_request, parameters) => {
        const found = this.#table(parameters);
        if (found === null) return powerBiError(404, "PushDatasets_TableNotFoundError");
        found.table.rows.length = 0;
        return { status: 200 };
      }),
      // Datasets - Execute Queries In Group: the only reading of rows by REST.
      this.#route("POST", `${group}/datasets/:id/executeQueries`, (request, { id = "" }) => this.#query(request, id)),
    ];
  }

  /** Every call needs a token for Power BI and, in a workspace, the workspace that the app belongs to. */
  #route(method: string, path: string, answer: Route["handle"]): Route {
    return {
      method,
      path,
      handle: (request, parameters) => {
        const { api, audience } = this.#box.cloud.powerBi;
        const token = this.#box.tokens.check(request.headers.authorization, audience);
        if (token === "missing" || request.url.hostname !== api)
          return powerBiError(401, "PowerBINotAuthorizedException");
        // Power BI answers a token that is no longer good with 403, not 401 (from memory of its REST errors).
        if (typeof token === "string") return powerBiError(403, "TokenExpired");
        const { group } = parameters;
        if (group !== undefined && group !== this.#box.secrets.powerBi.workspaceId) {
          return powerBiError(404, "PowerBIFolderNotFound");
        }
        // A viewer reads (learn.microsoft.com/fabric/fundamentals/roles-workspaces).
        if (method !== "GET" && this.#settings.role === "Viewer") {
          return powerBiError(403, "PowerBINotAuthorizedException");
        }
        return answer(request, parameters);
      },
    };
  }

  #create(request: VendorRequest): VendorResponse {
    const { world } = this.#box;
    const body = readJson(request);
    const { name, defaultMode = "Push" } = body;
    const retention = request.url.searchParams.get("defaultRetentionPolicy") ?? "None";
    if (typeof name !== "string" || name === "") return powerBiError(400, "BadRequest", "A dataset needs a name.");
    if (defaultMode !== "Push") return powerBiError(400, "BadRequest", "Only push datasets can be created here.");
    if (retention !== "None" && retention !== "basicFIFO") return powerBiError(400, "BadRequest", "Unknown policy.");
    if (world.now() >= LAST_CREATION) return powerBiError(400, "BadRequest", "Push datasets are no longer created.");
    const tables = readTables(body.tables);
    if (typeof tables === "string") return powerBiError(400, "BadRequest", tables);
    this.#created += 1;
    const id = world.guid(`power bi dataset ${this.#created}`);
    const createdAt = world.now();
    const dataset = { id, name, retention, createdAt, tables, hour: { since: createdAt, rows: 0 } } as const;
    this.#datasets.set(id, { ...dataset, hour: { ...dataset.hour } });
    const shown = { id, name, defaultRetentionPolicy: retention };
    return { status: this.#created % ACCEPTED_EVERY === 0 ? 202 : 201, body: shown };
  }

  #putTable(request: VendorRequest, parameters: PathParameters): VendorResponse {
    const found = this.#table(parameters);
    if (found === null) return powerBiError(404, "PushDatasets_TableNotFoundError");
    const changed = readJson(request);
    const columns = readColumns(changed.columns);
    if (typeof columns === "string") return powerBiError(400, "BadRequest", columns);
    const measures = readMeasures(changed.measures ?? [], columns);
    if (typeof measures === "string") return powerBiError(400, "BadRequest", measures);
    found.table.columns = columns;
    found.table.measures = measures;
    return { status: 200, body: { name: parameters.table, columns: namesOf(columns) } };
  }

  #post(request: VendorRequest, parameters: PathParameters): VendorResponse {
    const found = this.#table(parameters);
    if (found === null) return powerBiError(404, "PushDatasets_TableNotFoundError");
    const { rows } = readJson(request);
    if (!Array.isArray(rows)) return powerBiError(400, "BadRequest", "The request needs rows.");
    const now = this.#box.world.now();
    const recent = (this.#posts.get(found.dataset.id) ?? []).filter((at) => at > now - MINUTE_MS);
    const [oldest = now] = recent;
    if (recent.length >= POSTS_PER_MINUTE) return tooMany(Math.ceil((oldest + MINUTE_MS - now) / 1000));
    this.#posts.set(found.dataset.id, [...recent, now]);
    if (now >= found.dataset.hour.since + HOUR_MS) found.dataset.hour = { since: now, rows: 0 };
    const refusal = appendRows(found.dataset, found.table, rows);
    return refusal === null ? { status: 200 } : powerBiError(400, "BadRequest", refusal);
  }

  #query(request: VendorRequest, id: string): VendorResponse {
    if (!this.#settings.executeQueries) return powerBiError(403, "PowerBINotAuthorizedException");
    const dataset = this.#datasets.get(id);
    if (dataset === undefined) return powerBiError(404, "PowerBIEntityNotFound");
    const { queries } = readJson(request);
    if (!Array.isArray(queries) || queries.length !== 1) return powerBiError(400, "BadRequest", "One query per call.");
    const query: unknown = queries[0]?.query;
    const rows = typeof query === "string" ? evaluateDax(query, dataset.tables) : null;
    if (rows === null) return powerBiError(400, "DatasetExecuteQueriesError", "DAX query failure.");
    return { status: 200, body: { results: [{ tables: [{ rows }] }] } };
  }

  #table({ id = "", table = "" }: PathParameters) {
    const dataset = this.#datasets.get(id);
    const found = dataset?.tables.get(table);
    return dataset === undefined || found === undefined ? null : { dataset, table: found };
  }

  #shown({ id, name, createdAt }: PushDataset): Readonly<Record<string, unknown>> {
    return {
      id,
      name,
      webUrl: `https://app.powerbi.com/groups/${this.#box.secrets.powerBi.workspaceId}/datasets/${id}`,
      addRowsAPIEnabled: true,
      configuredBy: "mfa-rollout",
      isRefreshable: false,
      isEffectiveIdentityRequired: false,
      createdDate: new Date(createdAt).toISOString(),
    };
  }
}

function powerBiError(status: number, code: string, message?: string): VendorResponse {
  return { status, body: { error: message === undefined ? { code } : { code, message } } };
}

function tooMany(seconds: number): VendorResponse {
  return { ...powerBiError(429, "TooManyRequests"), headers: { "Retry-After": String(seconds) } };
}

/** The body's properties; none where it is no JSON object, so that the checks of each route refuse it. */
function readJson(request: VendorRequest): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(request.body.toString("utf8"));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

const namesOf = (columns: Readonly<Record<string, string>>) =>
  Object.entries(columns).map(([name, dataType]) => ({ name, dataType }));

function dumped({ id, name, tables }: PushDataset): Readonly<Record<string, unknown>> {
  const shown = [...tables].map(([table, { rows, measures }]) => [table, { rows, measures }]);
  return { id, name, tables: Object.fromEntries(shown) };
}
