import { hoursBetween } from "../model/time.ts";
import type { PitfallCheck } from "./pitfall.ts";

/** The report follows within hours; when its newest row is older than this, it stands still. */
const STALE_AFTER_HOURS = 72;

export const reportStale: PitfallCheck = {
  name: "report_stale",
  severity: "breaks_work",
  mender: "technician",
  acceptable: false,
  heldBy: null,
  remedy:
    "Wait for the registration report or open a case with Microsoft, and check some people by hand before chasing anybody. Then call reconcile_users and check_tenant.",
  look({ users, now }) {
    const newest = users
      .flatMap(({ registration }) => registration?.reportedAt ?? [])
      .reduce((a, b) => (a > b ? a : b), "");
    if (newest !== "" && hoursBetween(newest as typeof now, now) <= STALE_AFTER_HOURS) return null; // not empty, so an instant
    return {
      message:
        newest === ""
          ? "The registration report has no rows."
          : `The registration report was last refreshed at ${newest}, so who has enrolled since is not known.`,
      evidence: newest === "" ? [] : [newest],
      affects: "everyone",
    };
  },
};
