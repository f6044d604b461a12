import type { UserId } from "../domain/model/ids.ts";
import type { User } from "../domain/model/people.ts";
import type { DriftKind, PhaseDrift } from "../domain/phases/drift.ts";

const WORDS: Readonly<Record<DriftKind, string>> = {
  joined: "Joined",
  moved_in: "Moved here",
  leave_ended: "Back from leave",
  exception_ended: "Exception ended",
  re_enabled: "Account enabled again",
  left: "Left",
  moved_out: "Moved away",
  leave_began: "On leave now",
  exception_granted: "Exception now",
  disabled: "Account disabled",
  moved_and_stays: "Moved to another department, stays with the date they were told",
  exception_ends_before: "Exception ends before the enforcement date",
};

/** What a person who signs reads of the people who have changed since the last plan of the phase; no line where none has. */
export function driftLines({ since, changes }: PhaseDrift, users: readonly User[]): readonly string[] {
  if (changes.length === 0) return [];
  const names = new Map<UserId, User>(users.map((user) => [user.id, user]));
  const nameOf = (id: UserId): string => {
    const user = names.get(id);
    return user === undefined ? id : `${user.displayName} <${user.account?.upn ?? user.address ?? ""}>`;
  };
  return [
    `Changed since ${since}, when this phase was last planned:`,
    ...changes.map(({ kind, userId }) => `  ${WORDS[kind]}: ${nameOf(userId)}`),
  ];
}
