import { z } from "zod";
import type { Box, PathParameters, Route, VendorFactory, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { bigQueryError, failure } from "./google-errors.ts";
import { type LoadRequest, type Row, readRows, readUpload, Schema } from "./load-job.ts";

const AUDIENCE = "https://www.googleapis.com";
const SCOPES = ["https://www.googleapis.com/auth/bigquery", "https://www.googleapis.com/auth/cloud-platform"];
/** A small load is through in about a second. */
const SHORTEST_LOAD_MS = 200;
const LONGEST_LOAD_MS = 1_200;

interface Table {
  readonly tableId: string;
  readonly schema: Schema;
  readonly rows: Row[];
}

interface Job {
  readonly jobId: string;
  readonly request: LoadRequest;
  readonly startedAt: number;
  readonly endsAt: number;
  /** Why it is going to fail, whatever it loads. */
  readonly failsFor: string | undefined;
  errorResult: { readonly reason: string; readonly message: string } | null;
  settled: boolean;
}

const NewTable = z.object({
  tableReference: z.object({ tableId: z.string().regex(/^[\p{L}\p{N}_ -]{1,1024}$/u) }),
  schema: Schema,
});

/**
 * BigQuery with one project and one dataset, where the service account may load and read: roles BigQuery Data Editor on
 * the dataset and BigQuery Job User on the project.
 */
export const bigquery: VendorFactory = bigqueryWith({ failedLoads: [] });

/** @param settings.failedLoads - For which reasons the first load jobs fail, in their order: all are taken, and load nothing. */
export function bigqueryWith(settings: { readonly failedLoads: readonly string[] }): VendorFactory {
  return (box) => {
    const warehouse = new Warehouse(box, settings.failedLoads);
    return {
      name: "bigquery",
      hosts: ["bigquery.googleapis.com"],
      routes: warehouse.routes(),
      notFound: () => bigQueryError(404, "notFound", "Not found"),
      htmlPage: "<!DOCTYPE html><html lang=en><title>Error 502 (Server Error)!!1</title></html>",
      failure,
      dump: () => ({ bigquery: warehouse.dump() }),
    };
  };
}

class Warehouse {
  readonly #box: Box;
  readonly #tables = new Map<string, Table>();
  readonly #jobs = new Map<string, Job>();
  readonly #failedLoads: readonly string[];

  constructor(box: Box, failedLoads: readonly string[]) {
    this.#box = box;
    this.#failedLoads = failedLoads;
  }

  routes(): readonly Route[] {
    const project = "/bigquery/v2/projects/:project";
    const tables = `${project}/datasets/:dataset/tables`;
    return [
      // bigquery/docs/reference/rest/v2/datasets/get
      this.#route("GET", `${project}/datasets/:dataset`, () => {
        const { projectId, dataset, location } = this.#box.secrets.bigquery;
        const id = `${projectId}:${dataset}`;
        return {
          status: 200,
          body: { kind: "bigquery#dataset", id, datasetReference: { projectId, datasetId: dataset }, location },
        };
      }),
      // bigquery/docs/reference/rest/v2/tables/get
      this.#route("GET", `${tables}/:table`, (_request, { table = "" }) => {
        const found = this.#tables.get(table);
        return found === undefined ? notFound(`Table ${table}`) : { status: 200, body: this.#shownTable(found) };
      }),
      // bigquery/docs/reference/rest/v2/tables/insert
      this.#route("POST", tables, (request) => this.#createTable(request)),
      // bigquery/docs/reference/rest/v2/tables/delete
      this.#route("DELETE", `${tables}/:table`, (_request, { table = "" }) =>
        this.#tables.delete(table) ? { status: 204 } : notFound(`Table ${table}`),
      ),
      // bigquery/docs/reference/rest/v2/jobs/insert, upload URI
      this.#route("POST", `/upload${project}/jobs`, (request) => this.#load(request)),
      // bigquery/docs/reference/rest/v2/jobs/get: outside the US and EU the location must be given
      this.#route("GET", `${project}/jobs/:job`, (request, { job = "" }) => {
        const location = request.url.searchParams.get("location") ?? "US";
        const found = location === this.#box.secrets.bigquery.location ? this.#jobs.get(job) : undefined;
        return found === undefined ? notFound(`Job ${job}`) : { status: 200, body: this.#shownJob(found) };
      }),
    ];
  }

  dump() {
    for (const job of this.#jobs.values()) this.#settle(job);
    return {
      tables: [...this.#tables.values()].map(({ tableId, schema, rows }) => ({
        tableId,
        columns: schema.fields.map(({ name, type }) => ({ name, type })),
        rows,
      })),
      jobs: [...this.#jobs.values()].map((job) => this.#shownJob(job)),
    };
  }

  /** Every call needs a token with a scope for BigQuery, in the one project and dataset. */
  #route(method: string, path: string, answer: Route["handle"]): Route {
    return {
      method,
      path,
      handle: (request, parameters: PathParameters) => {
        const token = this.#box.tokens.check(request.headers.authorization, AUDIENCE);
        if (typeof token === "string") return failure(401);
        if (!token.scopes.some((scope) => SCOPES.includes(scope))) return failure(403);
        const { projectId, dataset } = this.#box.secrets.bigquery;
        if (parameters.project !== projectId) return failure(403);
        if (parameters.dataset !== undefined && parameters.dataset !== dataset) {
          return notFound(`Dataset ${projectId}:${parameters.dataset}`);
        }
        return answer(request, parameters);
      },
    };
  }

  #createTable({ body }: VendorRequest): VendorResponse {
    const asked = NewTable.safeParse(readJson(body));
    if (!asked.success) return bigQueryError(400, "invalid", "Invalid table definition.");
    const { tableId } = asked.data.tableReference;
    if (this.#tables.has(tableId)) return bigQueryError(409, "duplicate", `Already Exists: Table ${tableId}`);
    const table = { tableId, schema: asked.data.schema, rows: [] };
    this.#tables.set(tableId, table);
    return { status: 200, body: this.#shownTable(table) };
  }

  #load(request: VendorRequest): VendorResponse {
    if (request.url.searchParams.get("uploadType") !== "multipart") {
      return bigQueryError(400, "invalid", "Only multipart uploads are simulated.");
    }
    const upload = readUpload(request);
    if (upload === null) return bigQueryError(400, "invalid", "Job configuration or data is missing.");
    const { jobId, location = "US" } = upload.metadata.jobReference;
    // A job's id is spent for good, whatever became of the job.
    if (this.#jobs.has(jobId)) return bigQueryError(409, "duplicate", `Already Exists: Job ${jobId}`);
    if (location !== this.#box.secrets.bigquery.location) return notFound(`Dataset in location ${location}`);
    const { world } = this.#box;
    const startedAt = world.now();
    const lasts = SHORTEST_LOAD_MS + world.chance(`load ${jobId}`) * (LONGEST_LOAD_MS - SHORTEST_LOAD_MS);
    const job: Job = {
      jobId,
      request: upload,
      startedAt,
      endsAt: startedAt + lasts,
      failsFor: this.#failedLoads[this.#jobs.size],
      errorResult: null,
      settled: false,
    };
    this.#jobs.set(jobId, job);
    return { status: 200, body: this.#shownJob(job) };
  }

  /**
   * Once its time is up the rows are in the table, all or none: a load appends in one step, and only when its job succeeds
   * (bigquery/docs/reference/rest/v2/Job, writeDisposition).
   */
  #settle(job: Job): boolean {
    if (job.settled || this.#box.world.now() < job.endsAt) return job.settled;
    job.settled = true;
    if (job.failsFor !== undefined) {
      job.errorResult = { reason: job.failsFor, message: `The job failed for ${job.failsFor}.` };
      return true;
    }
    const { destinationTable } = job.request.metadata.configuration.load;
    const table = this.#tables.get(destinationTable.tableId);
    const rows = table === undefined ? "Not found: Table" : readRows(job.request.data, table.schema);
    if (typeof rows === "string") job.errorResult = { reason: table ? "invalid" : "notFound", message: rows };
    else table?.rows.push(...rows);
    return true;
  }

  #shownJob(job: Job): Readonly<Record<string, unknown>> {
    const isDone = this.#settle(job);
    const { jobReference, configuration } = job.request.metadata;
    return {
      kind: "bigquery#job",
      id: `${jobReference.projectId}:${this.#box.secrets.bigquery.location}.${job.jobId}`,
      jobReference: { ...jobReference, location: this.#box.secrets.bigquery.location },
      configuration: { jobType: "LOAD", ...configuration },
      status: {
        state: isDone ? "DONE" : "RUNNING",
        ...(job.errorResult && { errorResult: job.errorResult, errors: [job.errorResult] }),
      },
      // 64-bit numbers are text in Google's JSON.
      statistics: {
        creationTime: String(Math.floor(job.startedAt)),
        ...(isDone && { endTime: String(Math.floor(job.endsAt)) }),
      },
    };
  }

  #shownTable({ tableId, schema, rows }: Table): Readonly<Record<string, unknown>> {
    const { projectId, dataset, location } = this.#box.secrets.bigquery;
    return {
      kind: "bigquery#table",
      id: `${projectId}:${dataset}.${tableId}`,
      tableReference: { projectId, datasetId: dataset, tableId },
      schema,
      location,
      numRows: String(rows.length),
    };
  }
}

const notFound = (what: string): VendorResponse => bigQueryError(404, "notFound", `Not found: ${what}`);

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
