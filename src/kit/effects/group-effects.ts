import { type EntraObjectId, entraObjectId, type UserId } from "../../domain/model/ids.ts";
import { fingerprint } from "../../domain/rollout/fingerprint.ts";
import type { DirectoryPort } from "../../ports/directory.ts";
import type { Effect } from "../../ports/rollout-store.ts";
import { GUARANTEES } from "./guarantees.ts";
import { notShownYet } from "./not-shown-yet.ts";

const CHANGE_TAKEN = "Entra took the change of a group's members";

/** A group of ours as a plan names it: who is to be in it, all of them. */
export interface GroupPlan {
  readonly nickname: string;
  readonly displayName: string;
  readonly members: readonly string[];
}

/** Names the making of a group. */
export const groupKey = (rollout: string, nickname: string): string => `${rollout}/group/${nickname}`;

/** Makes the group, once for ever; found again by its nickname. */
export function groupEffect(rollout: string, group: GroupPlan, directory: DirectoryPort): Effect {
  const { nickname, displayName } = group;
  return {
    key: groupKey(rollout, nickname),
    subject: { kind: "group", nickname },
    lagMs: GUARANTEES.group.lagMs,
    after: [],
    async find({ signal }) {
      const found = await directory.findGroup(nickname, { signal });
      return found === null ? { state: "absent" } : { state: "done", outcome: { groupId: found.id } };
    },
    async perform({ signal }) {
      const description = `Made by mfa-rollout for ${rollout}. Members follow the signed plan; do not edit by hand.`;
      const made = await directory.createGroup({ displayName, description, mailNickname: nickname }, { signal });
      return { groupId: made.id };
    },
  };
}

/**
 * Makes the group's members exactly those of the plan. Adding and removing are repeatable, so after a lost answer it
 * looks and does what is left. Done means that a read has shown the new members.
 * @param groupId - Asked when the effect runs, since the group may be made just before.
 * @throws {ConnectorLagError} accepted but not seen within some seconds; calling again looks again.
 */
export function groupMembersEffect(
  plan: {
    readonly rollout: string;
    readonly group: GroupPlan /** Counts the fillings of this group. */;
    readonly round: number;
  },
  directory: DirectoryPort,
  groupId: () => Promise<EntraObjectId>,
): Effect {
  const { rollout, group, round } = plan;
  const wanted = new Set(group.members.map(entraObjectId));
  const mark = fingerprint(wanted);
  const isSeen = (members: ReadonlySet<EntraObjectId>): boolean => members.symmetricDifference(wanted).size === 0;

  return {
    key: `${rollout}/group-members/${group.nickname}/${round}`,
    subject: { kind: "group_members", nickname: group.nickname, fingerprint: mark },
    lagMs: GUARANTEES.group_members.lagMs,
    after: [groupKey(rollout, group.nickname)],
    async find({ signal }) {
      const members = await Array.fromAsync(directory.listGroupMembers(await groupId(), { signal }));
      return isSeen(new Set(members)) ? { state: "done", outcome: { members: wanted.size } } : { state: "absent" };
    },
    async perform({ signal }) {
      const id = await groupId();
      let shown: ReadonlySet<EntraObjectId> = new Set(
        await Array.fromAsync(directory.listGroupMembers(id, { signal })),
      );
      const added = new Set<EntraObjectId>();
      const removed = new Set<EntraObjectId>();
      // The first read may come from a replica that lags and overlook somebody, who shows in a later one.
      const isOverlooked = (members: ReadonlySet<EntraObjectId>): boolean =>
        !wanted.difference(members).isSubsetOf(added) || !members.difference(wanted).isSubsetOf(removed);
      do {
        const missing = [...wanted.difference(shown)];
        const strangers = [...shown.difference(wanted)];
        await directory.addGroupMembers(id, missing, { signal });
        for (const stranger of strangers) await directory.removeGroupMember(id, stranger, { signal });
        for (const one of missing) added.add(one);
        for (const one of strangers) removed.add(one);
        const isSettled = (members: ReadonlySet<EntraObjectId>): boolean => isSeen(members) || isOverlooked(members);
        shown = await directory.settledGroupMembers(id, isSettled, { signal });
      } while (isOverlooked(shown));
      if (!isSeen(shown)) throw notShownYet(CHANGE_TAKEN);
      return { members: wanted.size, added: added.size, removed: removed.size };
    },
  };
}

/**
 * Adds one account to the group of exceptions, beside whoever is in it: the customer has not signed the new table, so
 * nothing else of it may come into force. Repeatable.
 * @throws {ConnectorLagError} accepted but not seen within some seconds; calling again looks again.
 */
export function groupMemberEffect(
  plan: { readonly rollout: string; readonly nickname: string; readonly userId: UserId; readonly round: number },
  directory: DirectoryPort,
  ids: { readonly group: EntraObjectId; readonly account: EntraObjectId },
): Effect {
  const { rollout, nickname, userId, round } = plan;
  const isSeen = (members: ReadonlySet<EntraObjectId>): boolean => members.has(ids.account);
  return {
    key: `${rollout}/group-member/${nickname}/${userId}/${round}`,
    subject: { kind: "group_member", nickname, userId },
    lagMs: GUARANTEES.group_member.lagMs,
    async find({ signal }) {
      const members = await Array.fromAsync(directory.listGroupMembers(ids.group, { signal }));
      return isSeen(new Set(members)) ? { state: "done", outcome: { found: true } } : { state: "absent" };
    },
    async perform({ signal }) {
      await directory.addGroupMembers(ids.group, [ids.account], { signal });
      if (!isSeen(await directory.settledGroupMembers(ids.group, isSeen, { signal }))) throw notShownYet(CHANGE_TAKEN);
      return { added: 1 };
    },
  };
}
