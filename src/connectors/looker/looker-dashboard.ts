import type { Check } from "../../ports/check.ts";
import type { DashboardPort, DashboardSnapshot } from "../../ports/dashboard.ts";
import { type BigQueryOptions, BigQueryTable } from "./bigquery-table.ts";
import { LookerApi, type LookerOptions } from "./looker-api.ts";

export interface LookerDashboardOptions {
  readonly bigquery: BigQueryOptions;
  /** `null` where only Looker Studio or another reader of the table is used: nothing has to be told then. */
  readonly looker: LookerOptions | null;
}

interface Call {
  readonly signal: AbortSignal;
}

/**
 * Snapshots in a BigQuery table, over which Looker or Looker Studio shows the dashboard. Looker itself takes no data: it
 * is told that there are new ones. Its model also looks by itself every few minutes, so a lost word does no harm.
 */
export class LookerDashboard implements DashboardPort {
  readonly source: string;
  readonly #table: BigQueryTable;
  readonly #looker: LookerApi | null;
  readonly #place: string;

  /** @throws {ConfigurationError} the private key is not a PEM key. */
  constructor({ bigquery, looker }: LookerDashboardOptions) {
    this.#table = new BigQueryTable(bigquery);
    this.#looker = looker === null ? null : new LookerApi(looker);
    this.source = looker === null ? `BigQuery (${this.#table.name})` : `Looker (${looker.host})`;
    this.#place = `BigQuery table ${this.#table.name}${looker === null ? "" : `, shown by Looker's model ${looker.model}`}`;
  }

  checks(): readonly Check[] {
    const looker = this.#looker;
    return [
      async (call) => {
        const { hasTable } = await this.#table.look(call);
        const there = hasTable ? "is there" : "will be made with the first snapshot";
        return [
          { state: "good", text: `The service account reaches the dataset; the table ${there}.` },
          { state: "unknown", text: "Whether it may run load jobs shows only when it does." },
        ];
      },
      ...(looker === null
        ? []
        : [
            async (call: Call) => {
              await looker.datagroupId(call);
              return [{ state: "good", text: "Looker shows the dashboard's model." } as const];
            },
          ]),
    ];
  }

  async prepare(call: Call): Promise<{ readonly place: string }> {
    await this.#table.prepare(call);
    // Asked before any row is loaded, so that a dashboard which nobody deployed is noticed first.
    await this.#looker?.datagroupId(call);
    return { place: this.#place };
  }

  async append(snapshot: DashboardSnapshot, call: Call): Promise<void> {
    const loadedAt = await this.#table.load(snapshot, call);
    await this.#looker?.trigger(loadedAt, call);
  }

  async hasSnapshot(snapshotId: string, call: Call): Promise<"present" | "absent"> {
    return (await this.#table.has(snapshotId, call)) ? "present" : "absent";
  }
}
