import type { Roster } from "../exceptions/scope.ts";
import type { EntraObjectId, PhaseId } from "../model/ids.ts";
import type { User } from "../model/people.ts";
import type { PerUserMfa } from "../model/protection.ts";
import type { CalendarDate } from "../model/time.ts";

/** Why the bridge does not ask an account for MFA. */
export type WhyWeaker = "not_registered" | "would_break" | "excepted" | "emergency_access" | "outside_phases";

/** An account that security defaults protect better than what stands in for them. */
export interface Weaker {
  readonly account: EntraObjectId;
  readonly why: WhyWeaker;
  /** Its own policy is enforced by then at the latest; `null`: for as long as it is excepted. */
  readonly until: CalendarDate | null;
}

export interface SwitchOver {
  /** Whom the bridge asks for MFA, sorted. */
  readonly bridged: readonly EntraObjectId[];
  /** Sorted by account. */
  readonly weaker: readonly Weaker[];
  /** Enabled accounts without per-user MFA: nothing asks these for MFA between the two changes. */
  readonly inTheGap: number;
  readonly accounts: number;
}

/**
 * What turning security defaults off does to each enabled account, given the bridge. Defaults make everybody register
 * and ask when Entra sees a risk. Whoever can answer is asked always by the bridge; whoever has per-user MFA keeps that
 * until the phase is enforced; the others are worse off, and the plan names them.
 *
 * @param facts.wouldBreak - Accounts with a sign-in that MFA would break and nobody has settled.
 * @param facts.latest - The last day of the rollout, which holds whatever date was announced.
 * @see https://learn.microsoft.com/entra/fundamentals/security-defaults
 */
export function switchOver(facts: {
  readonly users: readonly User[];
  readonly roster: Roster;
  readonly emergency: ReadonlySet<EntraObjectId>;
  readonly directorySync: ReadonlySet<EntraObjectId>;
  readonly perUserMfa: ReadonlyMap<EntraObjectId, PerUserMfa>;
  readonly wouldBreak: ReadonlySet<EntraObjectId>;
  readonly latest: CalendarDate;
}): SwitchOver {
  const { roster, emergency, directorySync, perUserMfa, wouldBreak, latest } = facts;
  const phaseOf = new Map<EntraObjectId, PhaseId>();
  for (const [phase, members] of roster.byPhase)
    for (const { account } of members) if (account !== null) phaseOf.set(account.objectId, phase);

  const whyNot = ({ account, registration }: User): WhyWeaker | null => {
    if (account === null) return null;
    const { objectId } = account;
    if (emergency.has(objectId)) return "emergency_access";
    if (roster.exceptedObjectIds.has(objectId)) return "excepted";
    if (!phaseOf.has(objectId)) return "outside_phases";
    if (registration?.capable !== true) return "not_registered";
    return wouldBreak.has(objectId) ? "would_break" : null;
  };
  const bridged: EntraObjectId[] = [];
  const weaker: Weaker[] = [];
  let [inTheGap, accounts] = [0, 0];
  for (const user of facts.users) {
    // Defaults never asked the synchronisation account, and nobody signs in with a disabled one.
    if (user.account?.enabled !== true || directorySync.has(user.account.objectId)) continue;
    const account = user.account.objectId;
    accounts += 1;
    const hasOwn = (perUserMfa.get(account) ?? "disabled") !== "disabled";
    if (!hasOwn) inTheGap += 1;
    const why = whyNot(user);
    if (why === null) bridged.push(account);
    else if (!hasOwn) {
      const forGood = why === "excepted" || why === "emergency_access";
      weaker.push({ account, why, until: forGood ? null : latest });
    }
  }
  return {
    bridged: bridged.toSorted(),
    weaker: weaker.toSorted((a, b) => (a.account < b.account ? -1 : 1)),
    inTheGap,
    accounts,
  };
}
