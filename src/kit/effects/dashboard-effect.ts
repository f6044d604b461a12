import type { PhaseId } from "../../domain/model/ids.ts";
import type { DashboardPort, DashboardSnapshot } from "../../ports/dashboard.ts";
import type { Effect } from "../../ports/rollout-store.ts";
import { GUARANTEES } from "./guarantees.ts";

/** One snapshot of enrolment, found again by its id, which is in every row. */
export function snapshotEffect(
  snapshot: DashboardSnapshot & { readonly afterPhase: PhaseId },
  dashboard: DashboardPort,
): Effect {
  const { snapshotId, rolloutId, afterPhase } = snapshot;
  return {
    key: `${rolloutId}/dashboard/${afterPhase}`,
    subject: { kind: "dashboard", afterPhase, snapshotId },
    lagMs: GUARANTEES.dashboard.lagMs,
    async find({ signal }) {
      const found = await dashboard.hasSnapshot(snapshotId, { signal });
      if (found === "cannot_tell")
        return {
          state: "unknown",
          check: `Look in the dashboard's data whether rows with snapshot ${snapshotId} are there.`,
        };
      return found === "present" ? { state: "done", outcome: { snapshotId } } : { state: "absent" };
    },
    async perform({ signal }) {
      await dashboard.prepare({ signal });
      await dashboard.append(snapshot, { signal });
      return { snapshotId };
    },
  };
}
