import type { Roster } from "../exceptions/scope.ts";
import { CLOSING_PHASE, type EntraObjectId, type PhaseId } from "../model/ids.ts";
import type { User } from "../model/people.ts";
import { shortHash } from "../model/short-hash.ts";

/** What a group of ours is for: the two that every policy leaves out, and one for each phase. */
export type GroupPurpose = "emergency" | "exceptions" | PhaseId;

/** @see Microsoft Graph v1.0, resource type group, mailNickname: at most 64 ASCII characters, some of them barred. */
const LONGEST_NICKNAME = 64;
const BARRED = /[^!-~]|[@()\\[\]";:<>,]/g;

/**
 * The `mailNickname` by which a group of ours is found again. Unique per rollout and purpose: what the form cannot
 * hold (long names, other alphabets) is cut and told apart by a hash.
 */
export function groupNickname(rollout: string, purpose: GroupPurpose): string {
  const full = `mfa_${rollout}_${purpose}`;
  const plain = full.replace(BARRED, "");
  if (plain === full && full.length <= LONGEST_NICKNAME) return full;
  const mark = `-${shortHash(full)}`;
  return plain.slice(0, LONGEST_NICKNAME - mark.length) + mark;
}

/** What an administrator reads in the portal. `department` is the phase's; `null` for the other groups. */
export function groupDisplayName(rollout: string, purpose: GroupPurpose, department: string | null): string {
  const what =
    purpose === "emergency"
      ? "emergency access accounts"
      : purpose === "exceptions"
        ? "signed-off exceptions"
        : (department ?? "everyone else");
  return `MFA rollout ${rollout}: ${what}`;
}

/**
 * Who belongs in a group today. An emergency access account is an exception too, but stands in its own group only,
 * so that a mistake with one group never carves out or locks out the accounts of the other. Once a policy is enforced
 * it is for those alone who were told a date that has come: the others join the phase's group, or leave the exceptions',
 * on their date. Who was told a later date than the others is not put there only to be taken out again.
 */
export function wantedMembers(
  purpose: GroupPurpose,
  people: { readonly roster: Roster; readonly emergency: readonly EntraObjectId[] },
): ReadonlySet<EntraObjectId> {
  const { roster } = people;
  const emergency = new Set(people.emergency);
  if (purpose === "emergency") return emergency;
  if (purpose === "exceptions") return roster.exceptedObjectIds.union(sparedAccounts(roster)).difference(emergency);
  const members = roster.byPhase.get(purpose) ?? [];
  if (roster.enforced.has(purpose)) return accountsOf(members.filter(({ id }) => !roster.late.has(id)));
  const others = members.filter(({ id }) => !roster.later.has(id));
  return accountsOf(others.length > 0 ? others : members);
}

/** The roster as it is once this phase's policy is enforced. */
export const enforcing = (phase: PhaseId, roster: Roster): Roster => ({
  ...roster,
  enforced: roster.enforced.union(new Set([phase])),
});

/** Accounts that only the closing policy could cover before their date: no group of theirs, and no exception any more. */
function sparedAccounts({ byPhase, returning, enforced }: Roster): ReadonlySet<EntraObjectId> {
  if (returning.size === 0 || !enforced.has(CLOSING_PHASE)) return new Set();
  return accountsOf([...byPhase.values()].flat().filter(({ id }) => returning.has(id)));
}

const accountsOf = (users: readonly User[]): ReadonlySet<EntraObjectId> =>
  new Set(users.flatMap(({ account }) => (account === null ? [] : [account.objectId])));
