import type { Collected } from "./collect.ts";
import { unsignedWeaknesses } from "./protection.ts";
import { sentMails } from "./vendors-dump.ts";

export interface Verdict {
  readonly promise: string;
  readonly holds: boolean;
  readonly detail: string;
}

/** Holds the promises against what the vendors saw, never against what the server says of itself. */
export function judge(collected: Collected): readonly Verdict[] {
  const { vendors, state } = collected;
  const ours = sentMails(vendors).flatMap((mail) => {
    const key = mail.headers["X-MFA-Rollout-Key"];
    return key === undefined ? [] : [{ ...mail, key, kind: key.split("/")[1] ?? "" }];
  });
  const twice = repeated(ours.map(({ key }) => key));
  const announcedTwice = repeated(ours.filter(({ kind }) => kind === "announcement").flatMap(({ to }) => to));
  const excepted = new Set(
    Object.values(vendors.world.exceptions)
      .flat()
      .flatMap(({ mail }) => mail?.toLowerCase() ?? []),
  );
  const toExcepted = ours.filter(
    ({ kind, to }) => kind !== "signoff" && to.some((address) => excepted.has(address.toLowerCase())),
  );
  const live = [...state.policies.values()].map(
    ({ policyId }) => vendors.entra.policies.find(({ id }) => id === policyId)?.state,
  );
  const deletes = vendors.entra.policyHistory.filter(({ method }) => method === "DELETE");
  const exceptions = Object.values(vendors.world.exceptions).flat().length;
  const rows = (collected.exceptionsTable.match(/^\| \d+ \|/gm) ?? []).length;
  const unaccounted = misstated(collected);
  return [
    {
      promise: `${ours.length} mails, none of them twice`,
      holds: ours.length > 0 && twice.length === 0,
      detail: twice.join(", "),
    },
    { promise: "One announcement a person", holds: announcedTwice.length === 0, detail: announcedTwice.join(", ") },
    {
      promise: "No mail to an excepted account",
      holds: toExcepted.length === 0,
      detail: toExcepted.map(({ to }) => to.join()).join(", "),
    },
    {
      promise: `All ${live.length} policies enforced in the tenant`,
      holds: live.length > 1 && live.every((is) => is === "enabled"),
      detail: live.join(", "),
    },
    { promise: "No policy was ever deleted", holds: deletes.length === 0, detail: `${deletes.length} deletions` },
    {
      promise: `Exactly ${exceptions} exceptions, signed off`,
      holds: rows === exceptions && state.signoff?.table === state.exceptions?.table,
      detail: `${rows} rows`,
    },
    {
      promise: `Every one of ${vendors.entra.users.length} accounts accounted for, as the tenant has it`,
      holds: unaccounted.length === 0,
      detail: unaccounted.join(", "),
    },
    nobodyLessProtected(collected),
    everybodyLeftChased(
      collected,
      ours.filter(({ kind }) => kind === "chase").flatMap(({ to }) => to),
    ),
  ];
}

function everybodyLeftChased({ vendors }: Collected, chased: readonly string[]): Verdict {
  const never = vendors.world.neverEnrol.flatMap(({ mail }) => mail ?? []);
  return {
    promise: "Those who never enrolled were chased once",
    holds: never.every((mail) => chased.filter((to) => to.toLowerCase() === mail.toLowerCase()).length === 1),
    detail: `chased ${chased.join(", ")}`,
  };
}

/** Security defaults, per-user MFA and the policies together, from the first moment to the last. */
function nobodyLessProtected({ vendors, switchPlan }: Collected): Verdict {
  const unsigned = unsignedWeaknesses(vendors, switchPlan);
  const named = switchPlan?.weaker.length ?? 0;
  const but = named > 0 ? `, but for the ${named} accounts and the minutes of the signed plan` : "";
  return {
    promise: `Nobody less protected than before at any moment${but}`,
    holds: unsigned.length === 0,
    detail: unsigned.map(({ account, from, until, lacks }) => `${account} ${lacks} ${from} to ${until}`).join(", "),
  };
}

/**
 * Accounts that the closing proof lacks or shows otherwise than the tenant itself: the policies as they stand there,
 * the world's own list of exceptions, and accounts that are disabled.
 */
function misstated({ vendors: { entra, world }, proof }: Collected): readonly string[] {
  const lines = new Map(proof.map(({ objectId, state }) => [objectId, state]));
  const members = new Map(entra.groups.map((group) => [group.id, group.members]));
  const enforced = entra.policies.filter(
    ({ state, grantControls }) => state === "enabled" && grantControls?.builtInControls.includes("mfa"),
  );
  const isCovered = (id: string): boolean =>
    enforced.some(({ conditions: { users } }) => {
      const isIn = (groups: readonly string[]): boolean => groups.some((group) => members.get(group)?.includes(id));
      const included = users.includeUsers.includes("All") || isIn(users.includeGroups);
      return included && !users.excludeUsers.includes(id) && !isIn(users.excludeGroups);
    });
  const excepted = new Set(Object.values(world.exceptions).flatMap((some) => some.map(({ id }) => id)));
  const expected = ({ id, accountEnabled }: (typeof entra.users)[number]): string => {
    if (excepted.has(id)) return "excepted";
    if (!accountEnabled) return "cannot_sign_in";
    return isCovered(id) ? "enforced" : "not_covered";
  };
  const wrong = entra.users.filter((user) => {
    const state = expected(user);
    return lines.get(user.id) !== state || state === "not_covered";
  });
  const strangers = proof.length - entra.users.length;
  return [...wrong.map(({ id }) => id), ...(strangers === 0 ? [] : [`${strangers} lines too many`])];
}

/** What stands there more than once, whatever its case. */
const repeated = (values: readonly string[]): readonly string[] => {
  const alike = values.map((value) => value.toLowerCase());
  return alike.filter((value, index) => alike.indexOf(value) !== index);
};
