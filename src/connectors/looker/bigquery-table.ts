import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import {
  ConfigurationError,
  ConnectorAmbiguousError,
  ConnectorRejectedError,
  type RolloutError,
} from "../../errors.ts";
import type { DashboardSnapshot } from "../../ports/dashboard.ts";
import { cancelled } from "../http/pause.ts";
import type { VendorErrors } from "../http/vendor-errors.ts";
import { VendorHttp } from "../http/vendor-http.ts";
import { COLUMNS, TABLE, toRows } from "./enrolment-table.ts";
import { googleToken, type ServiceAccount } from "./google-token.ts";

export interface BigQueryOptions {
  readonly serviceAccount: ServiceAccount;
  readonly projectId: string;
  /** Exists already: whoever makes it decides where its data are kept. */
  readonly dataset: string;
  /** Of the dataset, such as `US` or `europe-west3`. A job is found only in its own location. */
  readonly location: string;
  /** The longest wait for one answer, where not the usual. */
  readonly timeoutMs?: number;
}

interface Call {
  readonly signal: AbortSignal;
}

const EDIT = "the role BigQuery Data Editor on the dataset";
const RUN = "the role BigQuery Job User in the project";
/** A small load takes seconds; a longer one is looked for by the next call. */
const LOAD_DEADLINE_MS = 20_000;
const LOAD_POLL_MS = 500;

const Dataset = z.object({ location: z.string() });
const Job = z.object({
  status: z.object({
    state: z.enum(["PENDING", "RUNNING", "DONE"]),
    // A short token and never a sentence, which may hold what is not for us. Without one it has failed all the same.
    errorResult: z
      .object({
        reason: z
          .string()
          .regex(/^\w{1,64}$/)
          .nullable()
          .catch(null),
      })
      .optional(),
  }),
  statistics: z.object({ endTime: z.string().regex(/^\d+$/).optional() }),
});
type Job = z.output<typeof Job>;

/**
 * The table of snapshots. A snapshot is one load job under an id of our making, which BigQuery takes only once, so that a
 * snapshot is in the table wholly or not at all, and never twice.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/jobs/insert
 */
export class BigQueryTable {
  /** As people write it: `project.dataset.mfa_enrolment`. */
  readonly name: string;
  readonly #options: BigQueryOptions;
  readonly #project: string;
  readonly #tables: string;
  readonly #http: VendorHttp;

  /** @throws {ConfigurationError} the private key is not a PEM key. */
  constructor(options: BigQueryOptions) {
    const { serviceAccount, projectId, dataset, timeoutMs } = options;
    const patience = timeoutMs === undefined ? {} : { timeoutMs };
    const token = googleToken(serviceAccount, patience);
    this.name = `${projectId}.${dataset}.${TABLE}`;
    this.#options = options;
    this.#project = `/bigquery/v2/projects/${encodeURIComponent(projectId)}`;
    this.#tables = `${this.#project}/datasets/${encodeURIComponent(dataset)}/tables`;
    this.#http = new VendorHttp({
      vendor: "BigQuery",
      baseUrl: "https://bigquery.googleapis.com",
      ...patience,
      quotaReasons: ["rateLimitExceeded", "quotaExceeded", "jobRateLimitExceeded"],
      headers: async (call) => ({ Authorization: `Bearer ${await token(call)}` }),
    });
  }

  /** Makes the table when it is missing; repeatable. */
  async prepare(call: Call): Promise<void> {
    if (await this.exists(call)) return;
    const { projectId, dataset } = this.#options;
    try {
      await this.#http.post(this.#tables, {
        schema: z.unknown(),
        permission: EDIT,
        ...call,
        body: {
          tableReference: { projectId, datasetId: dataset, tableId: TABLE },
          schema: { fields: COLUMNS },
          description: "Enrolment for MFA by department, one row for each snapshot and department.",
        },
      });
    } catch (error) {
      if (statusOf(error) === 404) throw this.#noDataset();
      // Made by another process in the meantime, or by this call whose answer was lost.
      const made = error instanceof ConnectorAmbiguousError ? await this.exists(call) : statusOf(error) === 409;
      if (!made) throw error;
    }
  }

  /** Loads the snapshot's rows. @returns when they were all in, in whole seconds since 1970 by Google's clock. */
  async load(snapshot: DashboardSnapshot, call: Call): Promise<number> {
    const { jobId, job } = await this.#latestJob(snapshot.snapshotId, call);
    if (job === null) await this.#start(jobId, snapshot, call);
    const ended = await this.#ended(jobId, call);
    if (ended.status.errorResult !== undefined) throw loadFailure(ended.status.errorResult.reason, this.#http.errors);
    return Math.floor(Number(ended.statistics.endTime) / 1_000);
  }

  async has(snapshotId: string, call: Call): Promise<boolean> {
    const { jobId, job } = await this.#latestJob(snapshotId, call);
    return job !== null && (await this.#ended(jobId, call)).status.errorResult === undefined;
  }

  /** The job that loads this snapshot, loaded it or will. The id of a job that failed is spent, so the next one counts on. */
  async #latestJob(snapshotId: string, call: Call): Promise<{ readonly jobId: string; readonly job: Job | null }> {
    const hash = createHash("sha256").update(snapshotId).digest("hex").slice(0, 40);
    for (let attempt = 1; ; attempt += 1) {
      const jobId = `mfa_rollout_${hash}_${attempt}`;
      const job = await this.#job(jobId, call);
      if (job?.status.errorResult === undefined) return { jobId, job };
    }
  }

  #job(jobId: string, call: Call): Promise<Job | null> {
    const query = { location: this.#options.location };
    return this.#http.find(`${this.#project}/jobs/${jobId}`, { schema: Job, permission: RUN, ...call, query });
  }

  async #start(jobId: string, snapshot: DashboardSnapshot, call: Call): Promise<void> {
    const { projectId, dataset, location } = this.#options;
    const job = {
      jobReference: { projectId, jobId, location },
      configuration: {
        load: {
          destinationTable: { projectId, datasetId: dataset, tableId: TABLE },
          sourceFormat: "NEWLINE_DELIMITED_JSON",
          writeDisposition: "WRITE_APPEND",
          createDisposition: "CREATE_NEVER",
        },
      },
    };
    const rows = toRows(snapshot).map((row) => JSON.stringify(row));
    const boundary = `rows_${jobId}`;
    const sent = this.#http.post(`/upload${this.#project}/jobs`, {
      schema: z.unknown(),
      permission: RUN,
      ...call,
      query: { uploadType: "multipart" },
      contentType: `multipart/related; boundary=${boundary}`,
      text: multipart(boundary, [
        { type: "application/json; charset=UTF-8", text: JSON.stringify(job) },
        { type: "application/octet-stream", text: rows.join("\n") },
      ]),
    });
    await sent.catch((error: unknown) => {
      // Another process has just started the same job: its rows are ours.
      if (statusOf(error) !== 409) throw error;
    });
  }

  async #ended(jobId: string, call: Call): Promise<Job> {
    const deadline = performance.now() + LOAD_DEADLINE_MS;
    for (;;) {
      const job = await this.#job(jobId, call);
      if (job?.status.state === "DONE") return job;
      // The job goes on without us and may yet bring the rows in.
      if (performance.now() > deadline) throw this.#http.errors.ambiguous({ job: jobId });
      await wait(LOAD_POLL_MS, undefined, call).catch((error: unknown) => {
        throw call.signal.aborted ? cancelled() : error;
      });
    }
  }

  async exists(call: Call): Promise<boolean> {
    const table = await this.#http.find(`${this.#tables}/${TABLE}`, { schema: z.unknown(), permission: EDIT, ...call });
    return table !== null;
  }

  /**
   * Whether dataset and table are as loading needs them; changes nothing.
   * @throws {ConfigurationError} there is no such dataset, or it is kept elsewhere, where no job of ours would be found.
   */
  async look(call: Call): Promise<{ readonly hasTable: boolean }> {
    const { dataset, location } = this.#options;
    const path = `${this.#project}/datasets/${encodeURIComponent(dataset)}`;
    const found = await this.#http.find(path, { schema: Dataset, permission: EDIT, ...call });
    if (found === null) throw this.#noDataset();
    if (found.location.toLowerCase() !== location.toLowerCase()) {
      throw new ConfigurationError(`The BigQuery dataset ${dataset} is kept in another location than ${location}.`, {
        nextStep: "Correct dashboard.location to where the dataset is kept, as BigQuery shows it.",
      });
    }
    return { hasTable: await this.exists(call) };
  }

  #noDataset(): ConfigurationError {
    const { projectId, dataset } = this.#options;
    return new ConfigurationError(`BigQuery has no dataset ${dataset} in the project ${projectId}.`, {
      nextStep: "Make the dataset in the location where the customer's data may be kept, or correct dashboard.dataset.",
      details: { projectId, dataset },
    });
  }
}

/** Google: a few seconds for a rate, ten minutes or longer for a quota; each failed load job counts against it, too. */
const RATE_SECONDS = 60;
const QUOTA_SECONDS = 900;

/**
 * Why a load job failed. A failed one has loaded nothing, since its rows come in as one update when it succeeds, so what
 * passes may be tried again.
 *
 * @param reason - `null` where BigQuery gave none.
 * @see https://docs.cloud.google.com/bigquery/docs/error-messages
 * @see https://docs.cloud.google.com/bigquery/docs/troubleshoot-quotas
 */
function loadFailure(reason: string | null, errors: VendorErrors): RolloutError {
  switch (reason) {
    case "accessDenied":
      return errors.permission(EDIT, { reason }); // The job itself was allowed to start.
    case "rateLimitExceeded":
    case "jobRateLimitExceeded":
      return errors.throttled(RATE_SECONDS);
    case "quotaExceeded":
      return errors.throttled(QUOTA_SECONDS);
    case "backendError":
    case "jobBackendError":
    case "internalError":
    case "jobInternalError":
      return errors.unavailable({ reason });
    default:
      return errors.rejected(400, reason ?? "load job failed");
  }
}

const statusOf = (error: unknown): unknown =>
  error instanceof ConnectorRejectedError ? error.details.status : undefined;

/** One body of several parts. @see RFC 2387 */
function multipart(boundary: string, parts: readonly { readonly type: string; readonly text: string }[]): string {
  const shown = parts.map(({ type, text }) => `--${boundary}\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`);
  return `${shown.join("")}--${boundary}--\r\n`;
}
