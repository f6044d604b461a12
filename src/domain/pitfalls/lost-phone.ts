import { inScope, objectIdsOf, secondFactors } from "./methods.ts";
import type { PitfallCheck } from "./pitfall.ts";

/** Who has one method and loses the phone needs another way in, which is the Temporary Access Pass. */
export const lostPhone: PitfallCheck = {
  name: "lost_phone",
  severity: "breaks_work",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Allow Temporary Access Pass in the authentication methods policy for the helpdesk's use, and ask people for a second method. Then call check_tenant.",
  look({ survey, roster }) {
    const single = inScope(roster).filter((user) => secondFactors(user) === 1);
    if (single.length === 0 || survey.methodsAllowed.has("TemporaryAccessPass")) return null;
    return {
      message: `Users with a single method, and no Temporary Access Pass allowed for when it is lost: ${single.length}.`,
      evidence: ["TemporaryAccessPass is not allowed"],
      affects: objectIdsOf(single),
    };
  },
};
