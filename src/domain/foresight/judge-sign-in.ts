import type { PolicyOutcome, SignIn } from "../model/signin.ts";
import type { AccessPolicy, Membership, NamedLocation } from "./access-policy.ts";
import { type Applies, all, isFor, meets, type Subject } from "./applies.ts";
import { type Ability, isRefused, type Standing, standingTo } from "./standing.ts";

/** The tenant as it would judge: the draft enforced, and what is enforced already. */
export interface Rules {
  /** Carries the id of its live policy, under which the log shows report-only results. */
  readonly draft: AccessPolicy;
  /** Every other policy that is enforced now. */
  readonly others: readonly AccessPolicy[];
  readonly locations: readonly NamedLocation[];
  readonly membership: Membership;
}

/** Whom each of the rules is for, worked out once for an account. */
export interface Reach {
  readonly draft: Applies;
  readonly others: readonly { readonly policy: AccessPolicy; readonly isFor: Applies }[];
}

/** What enforcing the draft does to one sign-in; `none`: nothing, or others' policies refuse it already. */
export type Effect = Standing | "none";

/** Works out whom the rules are for. */
export function reachOf({ draft, others, membership }: Rules, subject: Subject): Reach {
  return {
    draft: isFor(draft, subject, membership),
    others: others
      .map((policy) => ({ policy, isFor: isFor(policy, subject, membership) }))
      .filter((other) => other.isFor !== "no"),
  };
}

/** Whether the draft would apply to this sign-in. */
export const draftApplies = ({ draft, locations }: Rules, reach: Reach, signIn: SignIn): Applies =>
  reach.draft === "no" ? "no" : all([reach.draft, meets(draft, signIn, locations)]);

/**
 * What enforcing the draft would do to a sign-in like this one. What the log shows of the same policy goes before what
 * follows from conditions: an MFA that was done elsewhere, or an application that failed in report-only, is known there
 * alone.
 */
export function effectOn(rules: Rules, { reach, ability }: { reach: Reach; ability: Ability }, signIn: SignIn): Effect {
  const told = outcomeOf(signIn, rules.draft);
  const applies = settled(draftApplies(rules, reach, signIn), told);
  if (applies === "no") return "none";
  const standing = applies === "unknown" ? "unclear" : asShown(standingTo(rules.draft, signIn, ability), told);
  // Who is refused without the draft is not locked out by it.
  return isRefused(standing) && isRefusedAlready(rules, { reach, ability }, signIn) ? "none" : standing;
}

function isRefusedAlready(
  { locations }: Rules,
  { reach, ability }: { reach: Reach; ability: Ability },
  signIn: SignIn,
): boolean {
  return reach.others.some((other) => {
    const told = outcomeOf(signIn, other.policy);
    const applies = settled(all([other.isFor, meets(other.policy, signIn, locations)]), told);
    return applies === "yes" && isRefused(asShown(standingTo(other.policy, signIn, ability), told));
  });
}

/** What the log shows of a policy at this sign-in; `null`: nothing. */
export const outcomeOf = ({ policies }: SignIn, { id }: AccessPolicy): PolicyOutcome | null =>
  policies.find(({ policyId }) => policyId === id)?.outcome ?? null;

/** Whether a result says that the policy's conditions were met; `null`: it does not say. */
export function wasApplied(outcome: PolicyOutcome | null): boolean | null {
  if (outcome === null || outcome === "other") return null;
  return outcome !== "not_applied" && outcome !== "report_only_not_applied";
}

function settled(applies: Applies, told: PolicyOutcome | null): Applies {
  const shown = wasApplied(told);
  if (applies !== "unknown" || shown === null) return applies;
  return shown ? "yes" : "no";
}

const DISPROVED_BY_SUCCESS: ReadonlySet<Standing> = new Set(["asked", "unclear", "no_method", "client"]);
const DISPROVED_BY_FAILURE: ReadonlySet<Standing> = new Set(["asked", "unclear", "no_method"]);

function asShown(standing: Standing, told: PolicyOutcome | null): Standing {
  if (told === "success" || told === "report_only_success")
    return DISPROVED_BY_SUCCESS.has(standing) ? "met" : standing;
  return told === "report_only_failure" && DISPROVED_BY_FAILURE.has(standing) ? "client" : standing;
}
