import { describe, expect, it } from "vitest";
import { z } from "zod";
import { EntraTokens } from "../../src/connectors/graph/graph-credentials.ts";
import { PowerBiDashboard } from "../../src/connectors/power-bi/power-bi-dashboard.ts";
import { microsoftLogin } from "../../src/sandbox/vendors/microsoft-login/microsoft-login.ts";
import { powerBi, powerBiWith } from "../../src/sandbox/vendors/power-bi/power-bi.ts";
import { type FaultRule, startBox } from "../support/box.ts";
import { type DashboardSubject, describeDashboardPort } from "./dashboard.contract.ts";

const WRITE_FAULTS = {
  lost_answer: { kind: "lost_answer" },
  throttled: { kind: "status", status: 429, retryAfterSeconds: 1 },
  unavailable: { kind: "status_after", status: 503 },
  html: { kind: "html" },
} as const satisfies Record<string, FaultRule>;
const READ_FAULTS = {
  truncated: { kind: "truncated" },
  html: { kind: "html" },
  unavailable: { kind: "status", status: 502 },
  forbidden: { kind: "status", status: 403 },
} as const satisfies Record<string, FaultRule>;

const Dump = z.object({
  powerBi: z.object({
    datasets: z.array(
      z.object({
        tables: z.record(z.string(), z.object({ rows: z.array(z.record(z.string(), z.unknown())) })),
      }),
    ),
  }),
});

async function startPowerBi(vendor = powerBi): Promise<DashboardSubject> {
  const box = await startBox([microsoftLogin, vendor]);
  const { entra, powerBi: place } = box.secrets;
  const tokens = new EntraTokens({
    cloud: "global",
    tenantId: box.world.tenantId,
    clientId: entra.clientId,
    credential: { kind: "secret", clientSecret: entra.clientSecret },
  });
  const held = async () => Dump.parse(await box.dump()).powerBi.datasets;
  return {
    dashboard: new PowerBiDashboard({ cloud: "global", workspaceId: place.workspaceId, tokens }),
    failWrite: (kind) => box.fail({ vendor: "power-bi", method: "POST", ...WRITE_FAULTS[kind] }),
    failRead: (kind) => box.fail({ vendor: "power-bi", method: "GET", ...READ_FAULTS[kind] }),
    revokeTokens: box.revokeTokens,
    rows: async () => (await held()).flatMap(({ tables }) => Object.values(tables).flatMap(({ rows }) => rows)),
    places: async () => (await held()).length,
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describeDashboardPort(() => startPowerBi());

describe("PowerBiDashboard", () => {
  const signal = new AbortController().signal;

  it("cannot tell whether a snapshot is there when queries are switched off for the tenant", async () => {
    await using subject = await startPowerBi(powerBiWith({ executeQueries: false }));
    await subject.dashboard.prepare({ signal });
    expect(await subject.dashboard.hasSnapshot("snap_1", { signal })).toBe("cannot_tell");
  });

  it("knows for certain where queries are allowed", async () => {
    await using subject = await startPowerBi();
    await subject.dashboard.prepare({ signal });
    expect(await subject.dashboard.hasSnapshot('snap_"1', { signal })).toBe("absent");
  });
});
