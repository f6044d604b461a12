import type { VendorsDump } from "../../../src/cli/demo/vendors-dump.ts";
import { phaseId, smtpAddress, type UserId } from "../../../src/domain/model/ids.ts";
import { calendarDate, instant } from "../../../src/domain/model/time.ts";
import { snapshotEffect } from "../../../src/kit/effects/dashboard-effect.ts";
import { mailEffect } from "../../../src/kit/effects/mail-effect.ts";
import type { Effect } from "../../../src/ports/rollout-store.ts";
import type { WritesRoom } from "../writes-room.ts";
import { DESK_WRITES } from "./desk-writes.ts";
import { ENTRA_WRITES } from "./entra-writes.ts";
import { TEAMS_WRITES } from "./teams-writes.ts";
import { count, type Write } from "./write.ts";

const mail = (route: string): Write => ({
  kind: "mail",
  vendor: "gmail",
  lane: "mail",
  route: `POST /gmail/v1/users/:userId${route}`,
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
      mailer: vendors.mailer,
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
  times: ({ gmail }, name) =>
    count(gmail.sent.filter(({ headers }) => headers["X-MFA-Rollout-Key"]?.endsWith(`/${name}`))),
});

const DATASETS = "POST /v1.0/myorg/groups/:group/datasets";
const snapshot = async ({ vendors }: WritesRoom, rollout: string, name: string): Promise<Effect> =>
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
    vendors.dashboard,
  );
const rows = ({ powerBi }: VendorsDump, name: string): number =>
  count(
    powerBi.datasets
      .flatMap(({ tables }) => Object.values(tables).flatMap((table) => table.rows))
      .filter(({ snapshotId }) => String(snapshotId).endsWith(`/${name}`)),
  );

/** Every write that the product makes. A kind of effect, or a route that a rollout writes to, that is not here fails a test. */
export const WRITES: readonly Write[] = [
  mail("/drafts"),
  mail("/drafts/send"),
  ...ENTRA_WRITES,
  ...TEAMS_WRITES,
  ...DESK_WRITES,
  {
    kind: "dashboard",
    vendor: "power-bi",
    lane: "dashboard",
    route: DATASETS,
    make: snapshot,
    prepare: (room) => room.forgetDatasets(),
    times: rows,
  },
  {
    kind: "dashboard",
    vendor: "power-bi",
    lane: "dashboard",
    route: `${DATASETS}/:id/tables/:table/rows`,
    make: snapshot,
    times: rows,
    deliveredTwice: 2,
  },
];
