import type { PitfallCheck } from "./pitfall.ts";

/**
 * The closing policy covers guests. Without trust in their own tenant's MFA each must register a second time, here.
 *
 * @see https://learn.microsoft.com/entra/external-id/cross-tenant-access-overview
 */
export const guestsWithoutTrust: PitfallCheck = {
  name: "guests_without_trust",
  severity: "breaks_work",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Trust MFA from other tenants in the inbound cross-tenant access settings, or warn the guests that they register here; a guest without a work account registers here in any case.",
  look({ users, survey }) {
    const guests = users.flatMap(({ account }) => (account?.kind === "guest" && account.enabled ? account : []));
    if (guests.length === 0 || survey.guestMfaTrusted) return null;
    return {
      message: `Guests whom the closing policy covers and whose MFA in their own tenant does not count here: ${guests.length}.`,
      evidence: guests.map(({ objectId }) => objectId),
      affects: "closing",
    };
  },
};
