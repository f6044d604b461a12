import { z } from "zod";
import { type EntraObjectId, entraObjectId } from "../../domain/model/ids.ts";
import { RolloutError } from "../../errors.ts";
import type { DirectoryGroup } from "../../ports/directory.ts";
import type { GraphClient } from "../graph/graph-client.ts";
import { pause } from "../http/pause.ts";

/** Graph takes no more references in one PATCH of a group. */
const MAX_BIND = 20;
/** Within this a new group has reached every replica in practice. No try begins later, however slow answers are. */
const VISIBLE_WITHIN_MS = 30_000;
const VISIBILITY_PAUSE_MS = 300;
/** Within this a change of members has reached every replica, but for rare days. No look begins later. */
const SETTLES_WITHIN_MS = 12_000;
const SETTLING_PAUSE_MS = 200;

/** Holds for members of every group; `Group.ReadWrite.All` would let us rewrite the groups themselves. */
const MEMBERSHIP = "GroupMember.ReadWrite.All";

const GraphGroup = z
  .object({ id: z.string().min(1), displayName: z.string(), mailNickname: z.string() })
  .transform((group): DirectoryGroup => ({ ...group, id: entraObjectId(group.id) }));
/** Members are of several kinds, which Graph tells by type; a group or a device in the group is not ours to judge. */
const Member = z.object({ id: z.string().min(1), "@odata.type": z.string() });
const USER_TYPE = "#microsoft.graph.user";

interface Membership {
  readonly groupId: EntraObjectId;
  readonly member: EntraObjectId;
  readonly signal: AbortSignal;
}

const groupPath = (id: EntraObjectId): string => `/v1.0/groups/${encodeURIComponent(id)}`;

export async function findGroup(
  graph: GraphClient,
  mailNickname: string,
  signal: AbortSignal,
): Promise<DirectoryGroup | null> {
  const literal = encodeURIComponent(`'${mailNickname.replaceAll("'", "''")}'`);
  const path = `/v1.0/groups?$filter=mailNickname eq ${literal}&$select=id,displayName,mailNickname`;
  const found = await Array.fromAsync(
    graph.pages(path, { schema: GraphGroup, permission: "GroupMember.Read.All", signal, bulk: false }),
  );
  // Entra keeps nicknames of security groups unique only in its portal, not here.
  if (found.length > 1) throw graph.errors.contract("more than one group of that nickname", { mailNickname });
  return found[0] ?? null;
}

/**
 * Made without owners, on purpose: an app cannot give itself, and a person would depend on that account. Graph warns
 * that the right Group.Create cannot change such a group; members are changed under GroupMember.ReadWrite.All, which can.
 *
 * @see https://learn.microsoft.com/graph/api/group-post-groups
 */
export function createGroup(
  graph: GraphClient,
  group: { readonly displayName: string; readonly description: string; readonly mailNickname: string },
  signal: AbortSignal,
): Promise<DirectoryGroup> {
  const { displayName, description, mailNickname } = group;
  return graph.post("/v1.0/groups", {
    schema: GraphGroup,
    permission: "Group.Create",
    signal,
    body: { displayName, description, mailNickname, mailEnabled: false, securityEnabled: true },
  });
}

export async function readMembers(
  graph: GraphClient,
  groupId: EntraObjectId,
  signal: AbortSignal,
): Promise<readonly EntraObjectId[]> {
  const path = `${groupPath(groupId)}/members?$select=id&$top=999`;
  const call = { schema: Member, permission: "GroupMember.Read.All", signal };
  const members = await untilVisible(() => Array.fromAsync(graph.pages(path, call)), signal);
  return members.filter((member) => member["@odata.type"] === USER_TYPE).map(({ id }) => entraObjectId(id));
}

/**
 * Reads the members until they are as expected, for some seconds. Reads come from several replicas, and each
 * shows a change when it has heard of it.
 * @returns who was in the group at the last look.
 */
export async function settledMembers(
  graph: GraphClient,
  group: {
    readonly groupId: EntraObjectId;
    readonly isSettled: (members: ReadonlySet<EntraObjectId>) => boolean;
    readonly signal: AbortSignal;
  },
): Promise<ReadonlySet<EntraObjectId>> {
  const { groupId, isSettled, signal } = group;
  const until = performance.now() + SETTLES_WITHIN_MS;
  for (;;) {
    const members = new Set(await readMembers(graph, groupId, signal));
    if (isSettled(members) || performance.now() >= until) return members;
    await pause(SETTLING_PAUSE_MS, signal);
  }
}

/** Nested groups count in policies, so they count here. A group that is gone has nobody, in policies as well. */
export async function readTransitiveMembers(
  graph: GraphClient,
  groupId: string,
  signal: AbortSignal,
): Promise<ReadonlySet<EntraObjectId>> {
  const path = `${groupPath(entraObjectId(groupId))}/transitiveMembers?$select=id&$top=999`;
  const call = { schema: Member, permission: "GroupMember.Read.All", signal };
  try {
    const members = await Array.fromAsync(graph.pages(path, call));
    return new Set(members.filter((member) => member["@odata.type"] === USER_TYPE).map(({ id }) => entraObjectId(id)));
  } catch (error) {
    if (statusOf(error) === 404) return new Set();
    throw error;
  }
}

export async function addMembers(
  graph: GraphClient,
  change: {
    readonly groupId: EntraObjectId;
    readonly members: readonly EntraObjectId[];
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { groupId, members, signal } = change;
  const present = new Set(await readMembers(graph, groupId, signal));
  const missing = [...new Set(members)].filter((member) => !present.has(member));
  for (let from = 0; from < missing.length; from += MAX_BIND) {
    await addTogether(graph, { groupId, members: missing.slice(from, from + MAX_BIND), signal });
  }
}

/** All or nothing: one who is a member already (the list above lags) makes Graph refuse all 20, so then one by one. */
async function addTogether(
  graph: GraphClient,
  change: {
    readonly groupId: EntraObjectId;
    readonly members: readonly EntraObjectId[];
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { groupId, members, signal } = change;
  const body = { "members@odata.bind": members.map((member) => reference(graph, member)) };
  const call = { schema: z.unknown(), permission: MEMBERSHIP, signal, repeatable: true, body };
  try {
    await untilVisible(() => graph.patch(groupPath(groupId), call), signal);
  } catch (error) {
    if (!refusedAs(error, "already_exists")) throw error;
    for (const member of members) await addOne(graph, { groupId, member, signal });
  }
}

async function addOne(graph: GraphClient, { groupId, member, signal }: Membership): Promise<void> {
  const body = { "@odata.id": reference(graph, member) };
  const call = { schema: z.unknown(), permission: MEMBERSHIP, signal, repeatable: true, body };
  try {
    await untilVisible(() => graph.post(`${groupPath(groupId)}/members/$ref`, call), signal);
  } catch (error) {
    if (!refusedAs(error, "already_exists")) throw error;
  }
}

export async function removeMember(graph: GraphClient, { groupId, member, signal }: Membership): Promise<void> {
  const call = { schema: z.unknown(), permission: MEMBERSHIP, signal, repeatable: true };
  const until = performance.now() + VISIBLE_WITHIN_MS;
  for (;;) {
    try {
      await graph.delete(membershipPath(groupId, member), call);
      return;
    } catch (error) {
      // 404 says "no such member" and also "too new to be seen"; the list of members has the last word.
      if (statusOf(error) !== 404) throw error;
      if (!(await readMembers(graph, groupId, signal)).includes(member)) return;
      if (performance.now() >= until) throw error;
      await pause(VISIBILITY_PAUSE_MS, signal);
    }
  }
}

/**
 * The only place that names a membership for removal. Without the final `/$ref` the same DELETE removes the ACCOUNT from
 * Entra ID when the app may manage users.
 *
 * @see https://learn.microsoft.com/graph/api/group-delete-members
 */
const membershipPath = (groupId: EntraObjectId, member: EntraObjectId): string =>
  `${groupPath(groupId)}/members/${encodeURIComponent(member)}/$ref`;

/** References carry the host of their own cloud. */
const reference = (graph: GraphClient, id: EntraObjectId): string =>
  `${graph.origin}/v1.0/directoryObjects/${encodeURIComponent(id)}`;

/** Waits out the 404 of a group, or of an account, that was made seconds ago. */
async function untilVisible<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const until = performance.now() + VISIBLE_WITHIN_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (statusOf(error) !== 404 || performance.now() >= until) throw error;
      await pause(VISIBILITY_PAUSE_MS, signal);
    }
  }
}

const statusOf = (error: unknown): unknown => (error instanceof RolloutError ? error.details.status : undefined);
const refusedAs = (error: unknown, reason: string): boolean =>
  error instanceof RolloutError && error.details.reason === reason;
