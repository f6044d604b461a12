import { inScope, objectIdsOf } from "./methods.ts";
import type { PitfallCheck } from "./pitfall.ts";

/**
 * Teams Rooms, phones and panels sign in with a resource account and cannot show a prompt. Those with a room's mailbox
 * are exceptions by rule; a licence for rooms or shared phones finds the others.
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
    "Carve the accounts out with classify_exceptions (overrides), have that signed, and give them a policy of their own: known location or compliant device. Then call check_tenant.",
  look({ roster, survey }) {
    const rooms = inScope(roster).filter(
      ({ account, mailbox }) =>
        account !== null &&
        (mailbox === "room" || mailbox === "equipment" || survey.accounts.get(account.objectId)?.sharedDevice === true),
    );
    if (rooms.length === 0) return null;
    return {
      message: `Rooms or shared devices in scope, where nobody is there to answer a prompt: ${rooms.length}.`,
      evidence: objectIdsOf(rooms),
      affects: objectIdsOf(rooms),
    };
  },
};
