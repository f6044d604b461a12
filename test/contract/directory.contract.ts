import { describe, expect, it } from "vitest";
import type { EntraObjectId } from "../../src/domain/model/ids.ts";
import type { DirectoryPort } from "../../src/ports/directory.ts";

/** What the simulated tenant holds, by its own account. */
export interface DirectoryTruth {
  readonly accounts: readonly { readonly id: EntraObjectId; readonly enabled: boolean; readonly guest: boolean }[];
  readonly sharedMailboxes: readonly EntraObjectId[];
  readonly withoutMailbox: readonly EntraObjectId[];
  readonly directorySync: EntraObjectId;
}

/** A directory beside its simulated vendor. */
export interface DirectorySubject extends AsyncDisposable {
  readonly directory: DirectoryPort;
  readonly truth: DirectoryTruth;
  /** The next read from the vendor fails so. */
  failRead(kind: "truncated" | "html" | "unavailable" | "throttled" | "forbidden"): Promise<void>;
  /** The next write to the vendor fails so. */
  failWrite(kind: "lost_answer" | "unavailable" | "throttled"): Promise<void>;
  revokeTokens(): Promise<void>;
  /** Members of a group at this moment, as the vendor has them. */
  members(groupId: EntraObjectId): Promise<readonly string[]>;
  /** How many groups of that nickname there are. */
  groupsNamed(mailNickname: string): Promise<number>;
  /** Accounts deleted by anybody. */
  deletedAccounts(): Promise<number>;
}

const signal = new AbortController().signal;
const group = {
  displayName: "MFA rollout: IT",
  description: "Members of the phase IT",
  mailNickname: "mfa-rollout-it",
};

/** What every directory promises. */
export function describeDirectoryPort(start: () => Promise<DirectorySubject>): void {
  describe("DirectoryPort reading", () => {
    it("yields every account once, guests and disabled ones included", async () => {
      await using subject = await start();
      const accounts = await Array.fromAsync(subject.directory.listAccounts({ signal }));
      const found = accounts.map(({ objectId, enabled, kind }) => ({ id: objectId, enabled, guest: kind === "guest" }));
      const byId = (a: { id: string }, b: { id: string }): number => a.id.localeCompare(b.id);
      expect(found.sort(byId)).toEqual([...subject.truth.accounts].sort(byId));
    });

    it("yields one registration an enabled account and none for a disabled one", async () => {
      await using subject = await start();
      const rows = await Array.fromAsync(subject.directory.listRegistrations({ signal }));
      const enabled = subject.truth.accounts.filter((account) => account.enabled).map(({ id }) => id);
      expect(rows.map(({ objectId }) => objectId).sort()).toEqual(enabled.sort());
    });

    it("says what every mailbox asked for is for, and that some accounts have none", async () => {
      await using subject = await start();
      const { accounts, sharedMailboxes, withoutMailbox } = subject.truth;
      const ids = accounts.map(({ id }) => id);
      const purposes = await subject.directory.mailboxPurposes(ids, { signal });
      expect([...purposes.keys()].sort()).toEqual(ids.sort());
      const having = (purpose: string) => ids.filter((id) => purposes.get(id) === purpose).sort();
      expect(having("shared")).toEqual([...sharedMailboxes].sort());
      expect(having("none")).toEqual([...withoutMailbox].sort());
    });

    it("names the directory-sync account by its role", async () => {
      await using subject = await start();
      expect([...(await subject.directory.listDirectorySyncAccounts({ signal }))]).toEqual([
        subject.truth.directorySync,
      ]);
    });

    it("reads the facts of the tenant", async () => {
      await using subject = await start();
      expect(await subject.directory.readTenantFacts({ signal })).toEqual({
        securityDefaultsEnabled: false,
        hasEntraPremium: true,
      });
    });

    it.each(["truncated", "html", "unavailable", "throttled"] as const)("survives a page that is %s", async (kind) => {
      await using subject = await start();
      await subject.failRead(kind);
      const accounts = await Array.fromAsync(subject.directory.listAccounts({ signal }));
      expect(accounts).toHaveLength(subject.truth.accounts.length);
    });

    it("names the missing permission", async () => {
      await using subject = await start();
      await subject.failRead("forbidden");
      await expect(Array.fromAsync(subject.directory.listAccounts({ signal }))).rejects.toMatchObject({
        code: "ERR_CONNECTOR_PERMISSION",
        details: { permission: expect.any(String) },
      });
    });

    it("gets a new token when the old one was revoked", async () => {
      await using subject = await start();
      await subject.directory.readTenantFacts({ signal });
      await subject.revokeTokens();
      await expect(subject.directory.readTenantFacts({ signal })).resolves.toMatchObject({ hasEntraPremium: true });
    });

    it("stops when the caller has given up", async () => {
      await using subject = await start();
      const given = { signal: AbortSignal.abort() };
      await expect(Array.fromAsync(subject.directory.listAccounts(given))).rejects.toMatchObject({
        code: "ERR_CANCELLED",
      });
    });
  });

  describe("DirectoryPort groups", () => {
    const ids = ({ truth }: DirectorySubject, count: number) => truth.accounts.slice(0, count).map(({ id }) => id);

    it("finds no group where there is none, and the one it has made", async () => {
      await using subject = await start();
      expect(await subject.directory.findGroup(group.mailNickname, { signal })).toBeNull();
      const made = await subject.directory.createGroup(group, { signal });
      // A group made just now may stay hidden for seconds.
      const find = () => subject.directory.findGroup(group.mailNickname, { signal });
      await expect.poll(find, { timeout: 10_000 }).toEqual(made);
    });

    it("adds members to a group that is too new to be read, more than one request takes", async () => {
      await using subject = await start();
      const { id } = await subject.directory.createGroup(group, { signal });
      await subject.directory.addGroupMembers(id, ids(subject, 45), { signal });
      expect([...(await subject.members(id))].sort()).toEqual(ids(subject, 45).sort());
    });

    it("adds who is missing although the list of members it sees is stale", async () => {
      await using subject = await start();
      const { id } = await subject.directory.createGroup(group, { signal });
      await subject.directory.addGroupMembers(id, ids(subject, 3), { signal });
      await subject.directory.addGroupMembers(id, ids(subject, 6), { signal });
      expect([...(await subject.members(id))].sort()).toEqual(ids(subject, 6).sort());
    });

    it("lists the members it has added", async () => {
      await using subject = await start();
      const { id } = await subject.directory.createGroup(group, { signal });
      await subject.directory.addGroupMembers(id, ids(subject, 3), { signal });
      const list = async () => (await Array.fromAsync(subject.directory.listGroupMembers(id, { signal }))).sort();
      await expect.poll(list, { timeout: 10_000 }).toEqual(ids(subject, 3).sort());
    });

    it("looks at a group's members until they are who was expected, though replicas disagree", async () => {
      await using subject = await start();
      const { id } = await subject.directory.createGroup(group, { signal });
      await subject.directory.addGroupMembers(id, ids(subject, 3), { signal });
      const expected = new Set(ids(subject, 3));
      const isSettled = (members: ReadonlySet<string>) => members.symmetricDifference(expected).size === 0;
      expect(await subject.directory.settledGroupMembers(id, isSettled, { signal })).toEqual(expected);
    });

    it("says who is in a group when they never become who was expected", { timeout: 40_000 }, async () => {
      await using subject = await start();
      const { id } = await subject.directory.createGroup(group, { signal });
      await subject.directory.addGroupMembers(id, ids(subject, 2), { signal });
      const isSettled = (members: ReadonlySet<string>) => members.size > 2;
      expect(await subject.directory.settledGroupMembers(id, isSettled, { signal })).toEqual(new Set(ids(subject, 2)));
    });

    it("removes a membership and never the account, however often", async () => {
      await using subject = await start();
      const { id } = await subject.directory.createGroup(group, { signal });
      const [first, second] = ids(subject, 2);
      if (first === undefined || second === undefined) throw new RangeError("the tenant has too few accounts");
      await subject.directory.addGroupMembers(id, [first, second], { signal });
      await subject.directory.removeGroupMember(id, first, { signal });
      await subject.directory.removeGroupMember(id, first, { signal });
      expect(await subject.members(id)).toEqual([second]);
      expect(await subject.deletedAccounts()).toBe(0);
    });

    it.each(["lost_answer", "unavailable"] as const)(
      "calls a create ambiguous when its answer is %s, and does not repeat it",
      async (kind) => {
        await using subject = await start();
        await subject.failWrite(kind);
        await expect(subject.directory.createGroup(group, { signal })).rejects.toMatchObject({
          code: "ERR_CONNECTOR_AMBIGUOUS",
        });
        expect(await subject.groupsNamed(group.mailNickname)).toBe(1);
      },
    );

    it("creates once when it was throttled first", async () => {
      await using subject = await start();
      await subject.failWrite("throttled");
      await subject.directory.createGroup(group, { signal });
      expect(await subject.groupsNamed(group.mailNickname)).toBe(1);
    });

    it.each(["lost_answer", "unavailable", "throttled"] as const)(
      "adds members although a write is %s",
      async (kind) => {
        await using subject = await start();
        const { id } = await subject.directory.createGroup(group, { signal });
        await subject.failWrite(kind);
        await subject.directory.addGroupMembers(id, ids(subject, 5), { signal });
        expect([...(await subject.members(id))].sort()).toEqual(ids(subject, 5).sort());
      },
    );
  });
}
