import type { EntraObjectId } from "../model/ids.ts";
import type { MailboxPurpose } from "../model/people.ts";
import type { PitfallFacts } from "./facts.ts";
import { inScope, objectIdsOf } from "./methods.ts";

/** Accounts in scope whose mailbox is one of these, by the list or as read now. */
export function inScopeWithMailbox(
  { roster, mailboxes }: PitfallFacts,
  purposes: readonly MailboxPurpose[],
): readonly EntraObjectId[] {
  const isOne = (purpose: MailboxPurpose | null | undefined): boolean => purpose != null && purposes.includes(purpose);
  const users = inScope(roster).filter(
    ({ account, mailbox }) => account !== null && isOne(mailboxes.get(account.objectId) ?? mailbox),
  );
  return objectIdsOf(users);
}
