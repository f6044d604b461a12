import { describe, expect, it } from "vitest";
import { calendarDate, instant } from "../../src/domain/model/time.ts";
import type { DashboardPort, DashboardSnapshot } from "../../src/ports/dashboard.ts";
import type { TestBox } from "../support/box.ts";
import { READ_FAULTS, type ReadFault, WRITE_FAULTS, type WriteFault } from "../support/vendor-faults.ts";

/** A dashboard beside what it fills. */
export interface DashboardSubject extends AsyncDisposable {
  readonly dashboard: DashboardPort;
  /** Rows that are held there, their values under the names of ours. */
  rows(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** How many places for snapshots are held there. */
  places(): Promise<number>;
}

/** One whose vendor is reached by HTTP, so that all that can go wrong there goes wrong. */
export interface HttpDashboardSubject extends DashboardSubject {
  readonly box: TestBox;
  /** Who takes the rows, as the box calls them. */
  readonly vendor: string;
}

const failWrite = ({ box, vendor }: HttpDashboardSubject, kind: WriteFault) =>
  box.fail({ vendor, method: "POST", ...WRITE_FAULTS[kind] });
const failRead = ({ box, vendor }: HttpDashboardSubject, kind: ReadFault) =>
  box.fail({ vendor, method: "GET", ...READ_FAULTS[kind] });

const signal = new AbortController().signal;

const counts = { inScope: 12, registered: 11, capable: 10, enforced: 0, exceptions: 1 };
export const aSnapshot = (snapshotId: string): DashboardSnapshot => ({
  snapshotId,
  rolloutId: "rol_larkfield_202610_ab12",
  customer: "Larkfield Foods",
  afterPhase: "phase_it",
  takenAt: instant("2026-10-12T14:00:00Z"),
  day: calendarDate("2026-10-12"),
  rows: [
    { department: "IT", phase: "phase_it", ...counts },
    { department: "All departments", phase: "", ...counts, inScope: 200 },
  ],
});

/** What every dashboard promises. */
export function describeDashboardPort(start: () => Promise<DashboardSubject>): void {
  describe("DashboardPort", () => {
    it("makes its place once, however often it is prepared", async () => {
      await using subject = await start();
      const first = await subject.dashboard.prepare({ signal });
      expect(await subject.dashboard.prepare({ signal })).toEqual(first);
      expect(await subject.places()).toBe(1);
    });

    it("appends one row a department, each with its snapshot's id", async () => {
      await using subject = await start();
      await subject.dashboard.prepare({ signal });
      await subject.dashboard.append(aSnapshot("snap_1"), { signal });
      expect(await subject.rows()).toMatchObject([
        { snapshotId: "snap_1", department: "IT", inScope: 12, enforced: 0 },
        { snapshotId: "snap_1", department: "All departments", inScope: 200 },
      ]);
    });

    it("tells a snapshot that is there from one that is not", async () => {
      await using subject = await start();
      await subject.dashboard.prepare({ signal });
      await subject.dashboard.append(aSnapshot("snap_1"), { signal });
      expect(await subject.dashboard.hasSnapshot("snap_1", { signal })).not.toBe("absent");
      expect(await subject.dashboard.hasSnapshot("snap_2", { signal })).not.toBe("present");
    });

    it("stops when the caller has given up", async () => {
      await using subject = await start();
      const given = AbortSignal.abort();
      await expect(subject.dashboard.prepare({ signal: given })).rejects.toMatchObject({ code: "ERR_CANCELLED" });
      expect(await subject.places()).toBe(0);
    });
  });
}

/** What every dashboard over HTTP promises besides, whatever its vendor answers. */
export function describeDashboardOverHttp(start: () => Promise<HttpDashboardSubject>): void {
  describeDashboardPort(start);

  describe("DashboardPort over HTTP", () => {
    it("makes its place once even when the answer to making it is lost", async () => {
      await using subject = await start();
      await failWrite(subject, "lost_answer");
      await subject.dashboard.prepare({ signal });
      expect(await subject.places()).toBe(1);
    });

    it("does not append twice by itself when the answer is lost", async () => {
      await using subject = await start();
      await subject.dashboard.prepare({ signal });
      await failWrite(subject, "lost_answer");
      await expect(subject.dashboard.append(aSnapshot("snap_1"), { signal })).rejects.toMatchObject({
        code: "ERR_CONNECTOR_AMBIGUOUS",
      });
      expect(await subject.rows()).toHaveLength(2);
      expect(await subject.dashboard.hasSnapshot("snap_1", { signal })).not.toBe("absent");
    });

    it.each(["unavailable", "html"] as const)("calls a write ambiguous when the answer is %s", async (kind) => {
      await using subject = await start();
      await subject.dashboard.prepare({ signal });
      await failWrite(subject, kind);
      await expect(subject.dashboard.append(aSnapshot("snap_1"), { signal })).rejects.toMatchObject({
        code: "ERR_CONNECTOR_AMBIGUOUS",
      });
    });

    it("waits out a short throttling", async () => {
      await using subject = await start();
      await subject.dashboard.prepare({ signal });
      await failWrite(subject, "throttled");
      await subject.dashboard.append(aSnapshot("snap_1"), { signal });
      expect(await subject.rows()).toHaveLength(2);
    });

    it.each(["truncated", "html", "unavailable"] as const)("survives a read that is %s", async (kind) => {
      await using subject = await start();
      await failRead(subject, kind);
      await subject.dashboard.prepare({ signal });
      expect(await subject.places()).toBe(1);
    });

    it("names a missing right", async () => {
      await using subject = await start();
      await failRead(subject, "forbidden");
      await expect(subject.dashboard.prepare({ signal })).rejects.toMatchObject({
        code: "ERR_CONNECTOR_PERMISSION",
        details: { permission: expect.any(String) },
      });
    });

    it("gets a new token when the old one was revoked", async () => {
      await using subject = await start();
      await subject.dashboard.prepare({ signal });
      await subject.box.revokeTokens();
      await subject.dashboard.append(aSnapshot("snap_1"), { signal });
      expect(await subject.rows()).toHaveLength(2);
    });
  });
}
