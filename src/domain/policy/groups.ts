import type { Roster } from "../exceptions/scope.ts";
import type { EntraObjectId, PhaseId } from "../model/ids.ts";
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
 * so that a mistake with one group never carves out or locks out the accounts of the other.
 */
export function wantedMembers(
  purpose: GroupPurpose,
  people: { readonly roster: Roster; readonly emergency: readonly EntraObjectId[] },
): ReadonlySet<EntraObjectId> {
  const emergency = new Set(people.emergency);
  if (purpose === "emergency") return emergency;
  if (purpose === "exceptions") return people.roster.exceptedObjectIds.difference(emergency);
  const members = people.roster.byPhase.get(purpose) ?? [];
  return new Set(members.flatMap(({ account }) => (account === null ? [] : [account.objectId])));
}
