import type { PitfallCheck } from "./pitfall.ts";

/** A script that sends name and password (ROPC): no policy with MFA can be met that way. */
export const storedPassword: PitfallCheck = {
  name: "stored_password",
  severity: "breaks_work",
  mender: "technician",
  acceptable: true,
  heldBy: "finding_open",
  remedy:
    "Give each program a workload identity (managed identity or service principal with a certificate); then record it with resolve_finding.",
  look({ openFindings }) {
    const scripts = openFindings.filter(({ cause }) => cause === "ropc");
    if (scripts.length === 0) return null;
    return {
      message: `Programs that sign in with a stored password and would stop: ${scripts.length}.`,
      evidence: scripts.map(({ id }) => id),
      affects: scripts.map(({ objectId }) => objectId),
    };
  },
};
