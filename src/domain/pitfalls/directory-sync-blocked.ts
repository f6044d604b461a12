import { DIRECTORY_SYNC_ROLE, ON_PREMISES_SYNC_ROLE } from "../model/policy.ts";
import type { PitfallFacts } from "./facts.ts";
import { inScope, objectIdsOf } from "./methods.ts";
import type { Found, PitfallCheck } from "./pitfall.ts";
import { coversEverything, hasGrant, isEnforced, othersOf } from "./policies.ts";

const SYNC_NAME = /^(sync_|adtoaadsyncserviceaccount).*@[^@]+\.onmicrosoft\.com$/;
const SYNC_ROLES: readonly string[] = [DIRECTORY_SYNC_ROLE, ON_PREMISES_SYNC_ROLE];

/** The account by which Entra Connect writes: it answers no prompt, and with it stopped, no change reaches Entra. */
export const directorySyncBlocked: PitfallCheck = {
  name: "directory_sync_blocked",
  severity: "locks_out",
  mender: "customer_admin",
  acceptable: false,
  heldBy: null,
  remedy:
    "Exclude the role Directory Synchronization Accounts from each of these policies, and give the account that role, an exception, or retire it where Entra Connect has moved to an application identity. Then call check_tenant.",
  look: (facts) => inReach(facts) ?? underOthers(facts),
};

/** Named as Entra Connect names it, and our own policies would cover it: it lacks the role and is no exception. */
function inReach({ roster }: PitfallFacts): Found | null {
  const covered = inScope(roster).filter(
    ({ account, employee, holdsDirectorySyncRole }) =>
      employee === null && !holdsDirectorySyncRole && SYNC_NAME.test(account?.upn ?? ""),
  );
  return covered.length === 0
    ? null
    : {
        message: `Accounts named as for directory synchronization that hold no synchronization role, so that the policies would stop them: ${covered.length}.`,
        evidence: objectIdsOf(covered),
        affects: "everyone",
      };
}

function underOthers(facts: PitfallFacts): Found | null {
  const syncs = facts.users.filter(({ account, holdsDirectorySyncRole }) => account?.enabled && holdsDirectorySyncRole);
  const blocking = othersOf(facts).filter(
    (policy) =>
      isEnforced(policy) &&
      hasGrant(policy) &&
      coversEverything(policy) &&
      !policy.users.excludeRoles.some((role) => SYNC_ROLES.includes(role)) &&
      objectIdsOf(syncs).some((id) => !policy.users.exclude.includes(id)) &&
      policy.users.excludeGroups.length === 0,
  );
  return syncs.length === 0 || blocking.length === 0
    ? null
    : {
        message: `Enforced policies for all users that stop the directory synchronization account: ${blocking.length}.`,
        evidence: blocking.map(({ id }) => id),
        affects: "everyone",
      };
}
