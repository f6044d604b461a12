import type { PitfallCheck } from "./pitfall.ts";
import { inScopeWithMailbox } from "./unattended-mailbox.ts";

/**
 * Teams Rooms, phones and panels sign in with a resource account and cannot show a prompt.
 *
 * @see https://learn.microsoft.com/microsoftteams/rooms/conditional-access-and-compliance-for-devices
 */
export const roomInScope: PitfallCheck = {
  name: "room_in_scope",
  severity: "breaks_work",
  mender: "technician",
  acceptable: false,
  heldBy: null,
  remedy:
    "Carve the rooms out (reconcile_users, then classify_exceptions and sign-off) and give them a policy of their own: known location or compliant device. Then call check_tenant.",
  look(facts) {
    const rooms = inScopeWithMailbox(facts, ["room", "equipment"]);
    if (rooms.length === 0) return null;
    return {
      message: `${rooms.length} rooms or shared devices are in scope, and nobody is there to answer a prompt.`,
      evidence: rooms,
      affects: rooms,
    };
  },
};
