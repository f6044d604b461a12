import type { AccessPolicy, AccessRules, Membership } from "../domain/foresight/access-policy.ts";
import type { Rules } from "../domain/foresight/judge-sign-in.ts";
import type { EntraObjectId } from "../domain/model/ids.ts";
import type { DirectoryPort } from "../ports/directory.ts";

/** Groups or roles that are read at the same time. */
const AT_ONCE = 4;

/** What the tenant itself has to be asked about. */
interface Asked {
  readonly directory: DirectoryPort;
  readonly signal: AbortSignal;
}

/**
 * The rules by which the tenant would judge with the draft enforced, with everybody who is in a group or holds a role
 * that they name.
 * @param wanted.draftGroups - Members of the draft's own groups by the name that the draft gives them.
 * @param wanted.isAccount - Whether a role's holder is an account; a role may be given to a group as well.
 */
export async function readRules(
  wanted: {
    readonly draft: AccessPolicy;
    readonly tenant: AccessRules;
    readonly draftGroups: ReadonlyMap<string, ReadonlySet<EntraObjectId>>;
    readonly isAccount: (id: EntraObjectId) => boolean;
  },
  { directory, signal }: Asked,
): Promise<Rules> {
  const { draft, tenant } = wanted;
  const others = tenant.policies.filter(({ id, state }) => id !== draft.id && state === "enforced");
  const membership = await readMembership([draft, ...others], wanted, { directory, signal });
  return { draft, others, locations: tenant.locations, membership };
}

/** Everybody who is in a group, nested ones included, or holds a role that one of the policies names. */
export async function readMembership(
  policies: readonly AccessPolicy[],
  known: {
    readonly draftGroups: ReadonlyMap<string, ReadonlySet<EntraObjectId>>;
    readonly isAccount: (id: EntraObjectId) => boolean;
  },
  { directory, signal }: Asked,
): Promise<Membership> {
  const users = policies.flatMap(({ users }) => users ?? []);
  const groupIds = users.flatMap(({ include, exclude }) => [...include.groups, ...exclude.groups]);
  const roleIds = users.flatMap(({ include, exclude }) => [...include.roles, ...exclude.roles]);
  const unknown = new Set(groupIds).difference(known.draftGroups);
  const [groups, roles] = await Promise.all([
    readEach(unknown, (id) => directory.listTransitiveMembers(id, { signal })),
    readEach(new Set(roleIds), (role) => holders(role, known.isAccount, { directory, signal })),
  ]);
  return { groups: new Map([...known.draftGroups, ...groups]), roles };
}

/** A few at a time: many policies name many groups. */
async function readEach<Value>(
  keys: ReadonlySet<string>,
  read: (key: string) => Promise<Value>,
): Promise<ReadonlyMap<string, Value>> {
  const values = new Map<string, Value>();
  const queue = keys.values();
  const worker = async (): Promise<void> => {
    for (const key of queue) values.set(key, await read(key));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return values;
}

async function holders(
  role: string,
  isAccount: (id: EntraObjectId) => boolean,
  { directory, signal }: Asked,
): Promise<ReadonlySet<EntraObjectId>> {
  const found = new Set<EntraObjectId>();
  for (const principal of await directory.listRoleHolders(role, { signal })) {
    found.add(principal); // It may be an account newer than our list; a group among accounts does no harm.
    if (isAccount(principal)) continue;
    for (const member of await directory.listTransitiveMembers(principal, { signal })) found.add(member);
  }
  return found;
}
