import { lackingAllowed } from "../rollout/blockers/state-gates.ts";
import { objectIdsOf } from "./methods.ts";
import type { PitfallCheck } from "./pitfall.ts";

/** A policy that is on for people who have not enrolled stops them at their next sign-in. */
export const notEnrolled: PitfallCheck = {
  name: "not_enrolled",
  severity: "locks_out",
  mender: "helpdesk",
  acceptable: false,
  heldBy: "too_many_not_capable",
  remedy:
    "Help them register: send_phase_email with kind reminder, a call from the helpdesk, or issue_access_pass for who cannot register otherwise. Then call reconcile_users.",
  look({ roster, enforcementDates, settings, today }) {
    const due = [...roster.byPhase].filter(([phase]) => (enforcementDates.get(phase) ?? "9999") <= today);
    const lacking = due.flatMap(([, members]) => {
      const unable = members.filter(({ registration }) => registration?.capable !== true);
      return unable.length > lackingAllowed(members.length, settings) ? unable : [];
    });
    if (lacking.length === 0) return null;
    return {
      message: `Users of phases that are due who cannot use MFA yet, beyond what the procedure allows: ${lacking.length}.`,
      evidence: objectIdsOf(lacking),
      affects: objectIdsOf(lacking),
    };
  },
};
