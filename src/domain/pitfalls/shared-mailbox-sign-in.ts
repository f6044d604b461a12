import type { PitfallCheck } from "./pitfall.ts";
import { inScopeWithMailbox } from "./unattended-mailbox.ts";

/** A shared mailbox's account can sign in unless somebody has blocked that, and nobody owns a second factor for it. */
export const sharedMailboxSignIn: PitfallCheck = {
  name: "shared_mailbox_sign_in",
  severity: "breaks_work",
  mender: "customer_admin",
  acceptable: false,
  heldBy: null,
  remedy:
    "Block sign-in for the account once its owner agrees (people open the mailbox with their own accounts), or carve it out and have that signed. Then call reconcile_users and check_tenant.",
  look(facts) {
    const shared = inScopeWithMailbox(facts, ["shared"]);
    if (shared.length === 0) return null;
    return {
      message: `${shared.length} shared mailboxes can sign in and are in scope.`,
      evidence: shared,
      affects: shared,
    };
  },
};
