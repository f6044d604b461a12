import { inScope, objectIdsOf } from "./methods.ts";
import type { PitfallCheck } from "./pitfall.ts";

/**
 * A shared mailbox's account can sign in unless somebody has blocked that. Covered by a policy it stops; carved out, a
 * password that several people know is all that protects it.
 */
export const sharedMailboxSignIn: PitfallCheck = {
  name: "shared_mailbox_sign_in",
  severity: "breaks_work",
  mender: "customer_admin",
  acceptable: true,
  heldBy: null,
  remedy:
    "Once its owner agrees, block sign-in for the account: people open the mailbox with their own accounts. Then call reconcile_users and check_tenant, or accept what is past with resolve_finding.",
  look({ users, roster, survey }) {
    const covered = new Set(objectIdsOf(inScope(roster)));
    const used = users.flatMap(({ account, mailbox }) =>
      account?.enabled &&
      mailbox === "shared" &&
      (covered.has(account.objectId) || survey.mailboxesSignedIn.has(account.objectId))
        ? account.objectId
        : [],
    );
    if (used.length === 0) return null;
    return {
      message: `Shared mailboxes that somebody signs in to directly, or that are in scope of the policies: ${used.length}.`,
      evidence: used,
      affects: "everyone",
    };
  },
};
