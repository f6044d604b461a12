import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PowerBiDashboard } from "../../src/connectors/power-bi/power-bi-dashboard.ts";
import { microsoftLogin } from "../../src/sandbox/vendors/microsoft-login/microsoft-login.ts";
import { powerBi, powerBiWith } from "../../src/sandbox/vendors/power-bi/power-bi.ts";
import { startBox } from "../support/box.ts";
import { tokensIn } from "../support/entra.ts";
import { describeDashboardOverHttp, type HttpDashboardSubject } from "./dashboard.contract.ts";

const Dump = z.object({
  powerBi: z.object({
    datasets: z.array(
      z.object({
        tables: z.record(
          z.string(),
          z.object({
            rows: z.array(z.record(z.string(), z.unknown())),
            measures: z.array(z.object({ name: z.string() })),
          }),
        ),
      }),
    ),
  }),
});

async function startPowerBi(vendor = powerBi): Promise<HttpDashboardSubject> {
  const box = await startBox([microsoftLogin, vendor]);
  const place = box.secrets.powerBi;
  const held = async () => Dump.parse(await box.dump()).powerBi.datasets;
  return {
    dashboard: new PowerBiDashboard({ cloud: "global", workspaceId: place.workspaceId, tokens: tokensIn(box) }),
    box,
    vendor: "power-bi",
    rows: async () => (await held()).flatMap(({ tables }) => Object.values(tables).flatMap(({ rows }) => rows)),
    places: async () => (await held()).length,
    [Symbol.asyncDispose]: box[Symbol.asyncDispose],
  };
}

describeDashboardOverHttp(() => startPowerBi());

describe("PowerBiDashboard", () => {
  const signal = new AbortController().signal;

  it("cannot tell whether a snapshot is there when queries are switched off for the tenant", async () => {
    await using subject = await startPowerBi(powerBiWith({ executeQueries: false }));
    await subject.dashboard.prepare({ signal });
    expect(await subject.dashboard.hasSnapshot("snap_1", { signal })).toBe("cannot_tell");
  });

  it("gives the dataset the measures that a report shows", async () => {
    await using subject = await startPowerBi();
    await subject.dashboard.prepare({ signal });
    const [dataset] = Dump.parse(await subject.box.dump()).powerBi.datasets;
    expect(dataset?.tables.Enrolment?.measures.map(({ name }) => name)).toEqual([
      "Accounts in scope",
      "Accounts registered",
      "Accounts enrolled",
      "Accounts enforced",
      "Accounts excepted",
      "Registered %",
      "Enrolled %",
      "Enforced %",
      "As of",
    ]);
  });

  it("knows for certain where queries are allowed", async () => {
    await using subject = await startPowerBi();
    await subject.dashboard.prepare({ signal });
    expect(await subject.dashboard.hasSnapshot('snap_"1', { signal })).toBe("absent");
  });
});
