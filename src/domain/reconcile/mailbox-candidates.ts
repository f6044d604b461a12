import type { EntraObjectId } from "../model/ids.ts";
import type { Account, Employee } from "../model/people.ts";
import { matchAccounts } from "./match.ts";

/**
 * Accounts whose mailbox may be something else than a person's: enabled members with an address that no employee
 * matches. Each costs the directory a call, so employees' own mailboxes are not asked about.
 */
export function mailboxCandidates(
  employees: readonly Employee[],
  accounts: readonly Account[],
): readonly EntraObjectId[] {
  const { byAccount } = matchAccounts(accounts, employees);
  return accounts
    .filter(
      (account) => account.enabled && account.kind === "member" && account.mail !== null && !byAccount.has(account),
    )
    .map(({ objectId }) => objectId);
}
