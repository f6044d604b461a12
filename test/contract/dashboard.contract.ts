import { describe, expect, it } from "vitest";
import { calendarDate, instant } from "../../src/domain/model/time.ts";
import type { DashboardPort, DashboardSnapshot } from "../../src/ports/dashboard.ts";

/** A dashboard beside its simulated vendor. */
export interface DashboardSubject extends AsyncDisposable {
  readonly dashboard: DashboardPort;
  /** The next write to the vendor fails so. */
  failWrite(kind: "lost_answer" | "throttled" | "unavailable" | "html"): Promise<void>;
  /** The next read from the vendor fails so. */
  failRead(kind: "truncated" | "html" | "unavailable" | "forbidden"): Promise<void>;
  revokeTokens(): Promise<void>;
  /** Rows that the vendor holds, its values under the names of ours. */
  rows(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** How many places for snapshots the vendor holds. */
  places(): Promise<number>;
}

const signal = new AbortController().signal;

const counts = { inScope: 12, registered: 11, capable: 10, enforced: 0, exceptions: 1 };
const snapshot = (snapshotId: string): DashboardSnapshot => ({
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

    it("makes its place once even when the answer to making it is lost", async () => {
      await using subject = await start();
      await subject.failWrite("lost_answer");
      await subject.dashboard.prepare({ signal });
      expect(await subject.places()).toBe(1);
    });

    it("appends one row a department, each with its snapshot's id", async () => {
      await using subject = await start();
      await subject.dashboard.prepare({ signal });
      await subject.dashboard.append(snapshot("snap_1"), { signal });
      expect(await subject.rows()).toMatchObject([
        { snapshotId: "snap_1", department: "IT", inScope: 12, enforced: 0 },
        { snapshotId: "snap_1", department: "All departments", inScope: 200 },
      ]);
    });

    it("tells a snapshot that is there from one that is not", async () => {
      await using subject = await start();
      await subject.dashboard.prepare({ signal });
      await subject.dashboard.append(snapshot("snap_1"), { signal });
      expect(await subject.dashboard.hasSnapshot("snap_1", { signal })).not.toBe("absent");
      expect(await subject.dashboard.hasSnapshot("snap_2", { signal })).not.toBe("present");
    });

    it("does not append twice by itself when the answer is lost", async () => {
      await using subject = await start();
      await subject.dashboard.prepare({ signal });
      await subject.failWrite("lost_answer");
      await expect(subject.dashboard.append(snapshot("snap_1"), { signal })).rejects.toMatchObject({
        code: "ERR_CONNECTOR_AMBIGUOUS",
      });
      expect(await subject.rows()).toHaveLength(2);
      expect(await subject.dashboard.hasSnapshot("snap_1", { signal })).not.toBe("absent");
    });

    it.each(["unavailable", "html"] as const)("calls a write ambiguous when the answer is %s", async (kind) => {
      await using subject = await start();
      await subject.dashboard.prepare({ signal });
      await subject.failWrite(kind);
      await expect(subject.dashboard.append(snapshot("snap_1"), { signal })).rejects.toMatchObject({
        code: "ERR_CONNECTOR_AMBIGUOUS",
      });
    });

    it("waits out a short throttling", async () => {
      await using subject = await start();
      await subject.dashboard.prepare({ signal });
      await subject.failWrite("throttled");
      await subject.dashboard.append(snapshot("snap_1"), { signal });
      expect(await subject.rows()).toHaveLength(2);
    });

    it.each(["truncated", "html", "unavailable"] as const)("survives a read that is %s", async (kind) => {
      await using subject = await start();
      await subject.failRead(kind);
      await subject.dashboard.prepare({ signal });
      expect(await subject.places()).toBe(1);
    });

    it("names a missing right", async () => {
      await using subject = await start();
      await subject.failRead("forbidden");
      await expect(subject.dashboard.prepare({ signal })).rejects.toMatchObject({
        code: "ERR_CONNECTOR_PERMISSION",
        details: { permission: expect.any(String) },
      });
    });

    it("gets a new token when the old one was revoked", async () => {
      await using subject = await start();
      await subject.dashboard.prepare({ signal });
      await subject.revokeTokens();
      await subject.dashboard.append(snapshot("snap_1"), { signal });
      expect(await subject.rows()).toHaveLength(2);
    });

    it("stops when the caller has given up", async () => {
      await using subject = await start();
      const given = AbortSignal.abort();
      await expect(subject.dashboard.prepare({ signal: given })).rejects.toMatchObject({ code: "ERR_CANCELLED" });
      expect(await subject.places()).toBe(0);
    });
  });
}
