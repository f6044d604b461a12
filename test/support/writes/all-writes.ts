import { sentMails, type VendorsDump } from "../../../src/cli/demo/vendors-dump.ts";
import { phaseId, smtpAddress, type UserId } from "../../../src/domain/model/ids.ts";
import { calendarDate, instant } from "../../../src/domain/model/time.ts";
import { snapshotEffect } from "../../../src/kit/effects/dashboard-effect.ts";
import { mailEffect } from "../../../src/kit/effects/mail-effect.ts";
import type { DashboardPort } from "../../../src/ports/dashboard.ts";
import type { Effect } from "../../../src/ports/rollout-store.ts";
import { DESK_WRITES } from "./desk-writes.ts";
import { ENTRA_WRITES } from "./entra-writes.ts";
import { TEAMS_WRITES } from "./teams-writes.ts";
import { count, type Write } from "./write.ts";

const mail = (vendor: "gmail" | "graph", path: string): Write => ({
  kind: "mail",
  vendor,
  lane: `mail ${vendor}`,
  ...(vendor === "graph" && { lagMs: 2_000 }),
  route: `POST ${path}`,
  make: async ({ vendors }, rollout, name) =>
    mailEffect({
      key: `${rollout}/mail/${name}`,
      subject: {
        kind: "mail",
        mail: "announcement",
        phase: phaseId("it"),
        userId: name as UserId,
        managerCopied: false,
      },
      mailer: vendor === "gmail" ? vendors.mailer : vendors.outlook,
      write: async () => ({
        to: smtpAddress(`${name}@larkfieldfoods.com`),
        toName: name,
        cc: [],
        replyTo: null,
        subject: "MFA",
        text: "Soon.",
        html: "<p>Soon.</p>",
        key: `${rollout}/mail/${name}`,
      }),
    }),
  times: (held, name) =>
    count(sentMails(held).filter(({ headers }) => headers["X-MFA-Rollout-Key"]?.endsWith(`/${name}`))),
});

const DATASETS = "POST /v1.0/myorg/groups/:group/datasets";
const snapshot = async (dashboard: DashboardPort, rollout: string, name: string): Promise<Effect> =>
  snapshotEffect(
    {
      snapshotId: `${rollout}/${name}`,
      rolloutId: rollout,
      customer: "Larkfield Foods",
      afterPhase: phaseId(name),
      takenAt: instant("2026-10-05T13:00:00Z"),
      day: calendarDate("2026-10-05"),
      rows: [{ department: "IT", phase: "it", inScope: 2, registered: 1, capable: 1, enforced: 0, exceptions: 0 }],
    },
    dashboard,
  );
const inPowerBi: Write["make"] = ({ vendors }, rollout, name) => snapshot(vendors.dashboard, rollout, name);
const rows = ({ powerBi }: VendorsDump, name: string): number =>
  count(
    powerBi.datasets
      .flatMap(({ tables }) => Object.values(tables).flatMap((table) => table.rows))
      .filter(({ snapshotId }) => String(snapshotId).endsWith(`/${name}`)),
  );

/** A snapshot that Looker shows from BigQuery, by one of the writes that it takes. */
const looker = (vendor: "bigquery" | "looker", route: string, more: Pick<Write, "prepare"> = {}): Write => ({
  kind: "dashboard",
  vendor,
  lane: "looker",
  route,
  ...more,
  make: ({ vendors }, rollout, name) => snapshot(vendors.looker, rollout, name),
  times: ({ bigquery }, name) =>
    count(
      bigquery.tables.flatMap(({ rows }) => rows).filter(({ snapshot_id }) => String(snapshot_id).endsWith(`/${name}`)),
    ),
});

/** Every write that the product makes. A kind of effect, or a route that a rollout writes to, that is not here fails a test. */
export const WRITES: readonly Write[] = [
  mail("gmail", "/gmail/v1/users/:userId/drafts"),
  mail("gmail", "/gmail/v1/users/:userId/drafts/send"),
  mail("graph", "/v1.0/users/:user/messages"),
  mail("graph", "/v1.0/users/:user/messages/:id/send"),
  ...ENTRA_WRITES,
  ...TEAMS_WRITES,
  ...DESK_WRITES,
  {
    kind: "dashboard",
    vendor: "power-bi",
    lane: "dashboard",
    route: DATASETS,
    make: inPowerBi,
    prepare: (room) => room.forgetDatasets(),
    times: rows,
  },
  {
    kind: "dashboard",
    vendor: "power-bi",
    lane: "dashboard",
    route: `${DATASETS}/:id/tables/:table/rows`,
    make: inPowerBi,
    times: rows,
    deliveredTwice: 2,
  },
  looker("bigquery", "POST /bigquery/v2/projects/:project/datasets/:dataset/tables", {
    prepare: (room) => room.forgetTable(),
  }),
  looker("bigquery", "POST /upload/bigquery/v2/projects/:project/jobs"),
  looker("looker", "PATCH /api/4.0/datagroups/:id"),
];
