import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { COLUMNS, TABLE } from "../../src/connectors/looker/enrolment-table.ts";
import { LookerDashboard } from "../../src/connectors/looker/looker-dashboard.ts";
import type { DashboardSnapshot } from "../../src/ports/dashboard.ts";
import { bigquery, bigqueryWith } from "../../src/sandbox/vendors/bigquery/bigquery.ts";
import { googleLogin } from "../../src/sandbox/vendors/google-login/google-login.ts";
import { looker, lookerWith } from "../../src/sandbox/vendors/looker/looker.ts";
import { startBox, type TestBox } from "../support/box.ts";
import { aSnapshot, describeDashboardOverHttp, type HttpDashboardSubject } from "./dashboard.contract.ts";

const signal = new AbortController().signal;
const Row = z.record(z.string(), z.unknown());
const Dump = z.object({
  bigquery: z.object({
    tables: z.array(z.object({ rows: z.array(Row) })),
    jobs: z.array(z.unknown()),
  }),
  looker: z.object({ triggers: z.array(z.object({ datagroup: z.string(), triggered_at: z.number() })) }),
});
/** What the vendors hold once every load has ended. */
async function held(box: TestBox) {
  box.world.moveTo(box.world.now() + 5_000);
  return Dump.parse(await box.dump());
}

function dashboardOf(
  { secrets }: TestBox,
  changes: Partial<{ dataset: string; clientSecret: string; looker: null }> = {},
): LookerDashboard {
  const { clientEmail, privateKeyPem } = secrets.gmail;
  const { clientSecret = secrets.looker.clientSecret, dataset = secrets.bigquery.dataset } = changes;
  return new LookerDashboard({
    bigquery: { ...secrets.bigquery, dataset, serviceAccount: { clientEmail, privateKeyPem } },
    looker: changes.looker === null ? null : { ...secrets.looker, clientSecret, model: "mfa_rollout" },
  });
}

/** A snapshot of one department, whose name is not plain ASCII. */
const snapshot = (snapshotId: string): DashboardSnapshot => {
  const whole = aSnapshot(snapshotId);
  return { ...whole, rows: whole.rows.slice(0, 1).map((row) => ({ ...row, department: "IT — “Süd”" })) };
};

async function startLooker(): Promise<HttpDashboardSubject> {
  const box = await startBox([googleLogin, bigquery, looker]);
  return {
    dashboard: dashboardOf(box),
    box,
    vendor: "bigquery",
    rows: async () =>
      (await held(box)).bigquery.tables.flatMap(({ rows }) =>
        rows.map(({ snapshot_id, department, in_scope, enforced }) => ({
          snapshotId: snapshot_id,
          department,
          inScope: in_scope,
          enforced,
        })),
      ),
    places: async () => (await held(box)).bigquery.tables.length,
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describeDashboardOverHttp(startLooker);

describe("LookerDashboard", () => {
  const all = [googleLogin, bigquery, looker] as const;

  it("knows for certain whether a snapshot is there", async () => {
    await using box = await startBox(all);
    const dashboard = dashboardOf(box);
    await dashboard.prepare({ signal });
    expect(await dashboard.hasSnapshot("rol/phase_it", { signal })).toBe("absent");
    await dashboard.append(snapshot("rol/phase_it"), { signal });
    expect(await dashboard.hasSnapshot("rol/phase_it", { signal })).toBe("present");
  });

  it("loads every column of a row as it is", async () => {
    await using box = await startBox(all);
    const dashboard = dashboardOf(box);
    await dashboard.prepare({ signal });
    await dashboard.append(snapshot("rol/phase_it"), { signal });
    expect((await held(box)).bigquery.tables[0]?.rows).toEqual([
      {
        snapshot_id: "rol/phase_it",
        rollout_id: "rol_larkfield_202610_ab12",
        customer: "Larkfield Foods",
        after_phase: "phase_it",
        taken_at: "2026-10-12T14:00:00.000Z",
        day: "2026-10-12",
        department: "IT — “Süd”",
        phase: "phase_it",
        in_scope: 12,
        registered: 11,
        enrolled: 10,
        enforced: 0,
        exceptions: 1,
      },
    ]);
  });

  it("loads a snapshot once, even when two processes append it at the same time", async () => {
    await using box = await startBox(all);
    const [one, other] = [dashboardOf(box), dashboardOf(box)];
    for (const each of [one, other]) await each.prepare({ signal });
    // Whoever starts the load first is overtaken, after both have seen that there is none.
    await box.fail({ vendor: "bigquery", method: "POST", path: "/jobs", kind: "delay", delayMs: 1_000 });
    await Promise.all([one, other].map((each) => each.append(snapshot("rol/phase_it"), { signal })));
    await one.append(snapshot("rol/phase_it"), { signal });
    expect((await held(box)).bigquery.tables[0]?.rows).toHaveLength(1);
  });

  it("tries again under another id after a load that failed", async () => {
    await using box = await startBox(all);
    const dashboard = dashboardOf(box);
    // Without the table the load job is taken, and fails.
    const failing = dashboard.append(snapshot("rol/phase_it"), { signal });
    await expect(failing).rejects.toMatchObject({ code: "ERR_CONNECTOR_REJECTED" });
    expect(await dashboard.hasSnapshot("rol/phase_it", { signal })).toBe("absent");
    await dashboard.prepare({ signal });
    await dashboard.append(snapshot("rol/phase_it"), { signal });
    const { tables, jobs } = (await held(box)).bigquery;
    expect(tables[0]?.rows).toHaveLength(1);
    expect(jobs).toHaveLength(2);
  });

  it.each([
    ["accessDenied", { code: "ERR_CONNECTOR_PERMISSION", message: expect.stringContaining("BigQuery Data Editor") }],
    ["rateLimitExceeded", { code: "ERR_CONNECTOR_THROTTLED", details: { retryAfterSeconds: 60 } }],
    ["quotaExceeded", { code: "ERR_CONNECTOR_THROTTLED", details: { retryAfterSeconds: 900 } }],
    ["backendError", { code: "ERR_CONNECTOR_UNAVAILABLE" }],
    ["internalError", { code: "ERR_CONNECTOR_UNAVAILABLE" }],
    ["resourcesExceeded", { code: "ERR_CONNECTOR_REJECTED", details: { code: "resourcesExceeded" } }],
    ["A sentence with a name in it.", { code: "ERR_CONNECTOR_REJECTED", message: expect.not.stringContaining("name") }],
  ])("says what a load failed for (%s), and loads the rows once when that is over", async (reason, failure) => {
    await using box = await startBox([googleLogin, bigqueryWith({ failedLoads: [reason] }), looker]);
    const dashboard = dashboardOf(box);
    await dashboard.prepare({ signal });
    await expect(dashboard.append(snapshot("rol/phase_it"), { signal })).rejects.toMatchObject(failure);
    await dashboard.append(snapshot("rol/phase_it"), { signal });
    expect((await held(box)).bigquery.tables[0]?.rows).toHaveLength(1);
  });

  it("tells Looker once the rows are in, as of the moment they were", async () => {
    await using box = await startBox(all);
    const dashboard = dashboardOf(box);
    await dashboard.prepare({ signal });
    expect((await held(box)).looker.triggers).toEqual([]);
    const before = Math.floor(box.world.now() / 1_000);
    await dashboard.append(snapshot("rol/phase_it"), { signal });
    const { triggers } = (await held(box)).looker;
    expect(triggers).toMatchObject([{ datagroup: "mfa_enrolment" }]);
    expect(triggers[0]?.triggered_at).toBeGreaterThanOrEqual(before);
  });

  it("needs no Looker where another program shows the table", async () => {
    await using box = await startBox([googleLogin, bigquery]);
    const dashboard = dashboardOf(box, { looker: null });
    await dashboard.prepare({ signal });
    await dashboard.append(snapshot("rol/phase_it"), { signal });
    expect(await dashboard.hasSnapshot("rol/phase_it", { signal })).toBe("present");
  });

  it("says what to deploy where Looker does not know the model, before it loads anything", async () => {
    await using box = await startBox([googleLogin, bigquery, lookerWith({ deployed: false })]);
    await expect(dashboardOf(box).prepare({ signal })).rejects.toMatchObject({
      code: "ERR_CONFIGURATION",
      nextStep: expect.stringContaining("dashboards/looker"),
    });
  });

  it("says that Looker's key is wrong", async () => {
    await using box = await startBox(all);
    const preparing = dashboardOf(box, { clientSecret: "wrong" }).prepare({ signal });
    await expect(preparing).rejects.toMatchObject({
      code: "ERR_CONNECTOR_AUTHENTICATION",
      message: expect.stringContaining("Looker"),
    });
  });

  it("says which dataset to make", async () => {
    await using box = await startBox(all);
    const preparing = dashboardOf(box, { dataset: "elsewhere" }).prepare({ signal });
    await expect(preparing).rejects.toMatchObject({
      code: "ERR_CONFIGURATION",
      message: expect.stringContaining("elsewhere"),
    });
  });

  it("ships LookML that reads the table's columns and no other", () => {
    const lookml = (name: string): string => readFileSync(`dashboards/looker/${name}`, "utf8");
    const view = lookml("mfa_enrolment.view.lkml");
    const read = [...view.matchAll(/\$\{TABLE\}\.(\w+)/g)].map(([, column = ""]) => column);
    expect(new Set(read.filter((column) => column !== "is_latest"))).toEqual(new Set(COLUMNS.map(({ name }) => name)));
    expect(lookml("manifest.lkml")).toContain(`.${TABLE}"`);
    const fields = new Set(
      [...view.matchAll(/^ {2}(?:dimension|measure): (\w+)/gm)].map(([, name]) => `mfa_enrolment.${name}`),
    );
    const shown = [...lookml("mfa_rollout.dashboard.lookml").matchAll(/mfa_enrolment\.\w+/g)].map(([name]) => name);
    expect(shown.filter((name) => !fields.has(name))).toEqual([]);
    expect(shown.length).toBeGreaterThan(10);
  });
});
