import type { EntraObjectId } from "../domain/model/ids.ts";
import type { Account, MailboxPurpose, Registration } from "../domain/model/people.ts";

interface Call {
  readonly signal: AbortSignal;
}

/** A group as this product makes them: security, not mail-enabled, found by its unique `mailNickname`. */
export interface DirectoryGroup {
  readonly id: EntraObjectId;
  readonly displayName: string;
  readonly mailNickname: string;
}

/** The facts of the tenant that the gates ask for. */
export interface TenantFacts {
  readonly securityDefaultsEnabled: boolean;
  /** A service plan of Entra ID P1 or P2 is present: without it there is no Conditional Access and no report. */
  readonly hasEntraPremium: boolean;
}

/** Entra ID: accounts, registration, roles, groups. Writes concern only groups that carry our nickname. */
export interface DirectoryPort {
  readonly source: string;
  /** Yields every account of the tenant once, guests and disabled ones included, fetching pages lazily. */
  listAccounts(call: Call): AsyncIterable<Account>;
  /** Yields the registration report. Disabled accounts are absent; rows lag by hours. */
  listRegistrations(call: Call): AsyncIterable<Registration>;
  /** What each mailbox is for, asked in batches. Every id asked has an entry; no mailbox is `none`. */
  mailboxPurposes(ids: readonly EntraObjectId[], call: Call): Promise<ReadonlyMap<EntraObjectId, MailboxPurpose>>;
  /** Accounts that hold a directory-synchronization role. */
  listDirectorySyncAccounts(call: Call): Promise<ReadonlySet<EntraObjectId>>;
  /** Who holds a built-in role now, by its template id: accounts, and groups to which the role was given. */
  listRoleHolders(role: string, call: Call): Promise<ReadonlySet<EntraObjectId>>;
  /** Accounts in a group, those of nested groups included; empty for a group that was deleted. */
  listTransitiveMembers(groupId: string, call: Call): Promise<ReadonlySet<EntraObjectId>>;
  readTenantFacts(call: Call): Promise<TenantFacts>;

  /** By exact `mailNickname`; `null` when there is none (a group made seconds ago may not show yet). */
  findGroup(mailNickname: string, call: Call): Promise<DirectoryGroup | null>;
  /** Creates an assigned security group without members. Not repeatable: use inside an effect. */
  createGroup(
    group: { readonly displayName: string; readonly description: string; readonly mailNickname: string },
    call: Call,
  ): Promise<DirectoryGroup>;
  /** Direct members that are users. Waits out a group that is too new to be read. */
  listGroupMembers(groupId: EntraObjectId, call: Call): AsyncIterable<EntraObjectId>;
  /**
   * As `listGroupMembers`, for a group that was changed moments ago: looks for some seconds until the members are
   * as expected, since reads lag writes, and answers with what it saw last.
   */
  settledGroupMembers(
    groupId: EntraObjectId,
    isSettled: (members: ReadonlySet<EntraObjectId>) => boolean,
    call: Call,
  ): Promise<ReadonlySet<EntraObjectId>>;
  /** Adds those missing, 20 at a time; one who is a member already is success. Repeatable. */
  addGroupMembers(groupId: EntraObjectId, members: readonly EntraObjectId[], call: Call): Promise<void>;
  /** Removes the membership, never the account; one who is no member is success. Repeatable. */
  removeGroupMember(groupId: EntraObjectId, member: EntraObjectId, call: Call): Promise<void>;
}
