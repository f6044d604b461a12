import type { EntraObjectId, UserId } from "../model/ids.ts";
import type { Account, User } from "../model/people.ts";
import type { GuestKind } from "./access-policy.ts";
import type { ForeseenAccount } from "./foresee.ts";

/**
 * The enabled accounts of the canonical list as policies see them. A registration that is not reported counts as not
 * capable: not known is no reason to lock anyone out.
 * @param members - Users of the phase.
 */
export function foreseenAccounts(
  users: Iterable<User>,
  members: ReadonlySet<UserId>,
): ReadonlyMap<EntraObjectId, ForeseenAccount> {
  const accounts = new Map<EntraObjectId, ForeseenAccount>();
  for (const { id, account, registration, department, holdsDirectorySyncRole } of users) {
    if (account === null || !account.enabled) continue;
    accounts.set(account.objectId, {
      objectId: account.objectId,
      userId: id,
      upn: account.upn,
      department,
      guest: guestKind(account),
      capable: registration?.capable === true,
      methods: registration?.methods ?? [],
      directorySync: holdsDirectorySyncRole,
      member: members.has(id),
    });
  }
  return accounts;
}

/** Who was invited from elsewhere has a principal name made of the address there, whatever kind the directory gives. */
export function guestKind({ kind, upn }: Pick<Account, "kind" | "upn">): GuestKind | null {
  const isExternal = upn.includes("#ext#");
  if (kind === "guest") return isExternal ? "b2bCollaborationGuest" : "internalGuest";
  return isExternal ? "b2bCollaborationMember" : null;
}
