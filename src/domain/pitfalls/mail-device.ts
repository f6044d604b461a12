import type { PitfallCheck } from "./pitfall.ts";

export const SMTP_CLIENTS: ReadonlySet<string> = new Set(["authenticated smtp", "smtp"]);

/** A scanner or program that submits mail with a name and a password. */
export const mailDevice: PitfallCheck = {
  name: "mail_device",
  severity: "breaks_work",
  mender: "technician",
  acceptable: true,
  heldBy: "finding_open",
  remedy:
    "Move each device to a relay that needs no account, to OAuth, or to High Volume Email; then record it with resolve_finding.",
  look({ openFindings }) {
    const devices = openFindings.filter(({ clientApp }) => SMTP_CLIENTS.has(clientApp.trim().toLowerCase()));
    if (devices.length === 0) return null;
    return {
      message: `Devices or programs that send mail over SMTP with a stored password and would stop: ${devices.length}.`,
      evidence: devices.map(({ id }) => id),
      affects: devices.map(({ objectId }) => objectId),
    };
  },
};
