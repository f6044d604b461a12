import type { EntraObjectId, PhaseId } from "../../model/ids.ts";
import type { PolicyState } from "../../model/phase.ts";
import type { LivePolicy } from "../../model/policy.ts";
import { addHours, type Instant } from "../../model/time.ts";
import { policyDifferences } from "../../policy/difference.ts";
import { enforcing, type GroupPurpose, groupNickname, wantedMembers } from "../../policy/groups.ts";
import { fingerprint } from "../fingerprint.ts";
import { ownPolicies } from "../own-policies.ts";
import { SETTLES_WITHIN_HOURS, settlesAt } from "../settling.ts";
import {
  type Blocker,
  countOf,
  FEWEST_EMERGENCY_ACCOUNTS,
  firstFew,
  type LiveGate,
  type PolicyQuestion,
  technician,
  wait,
} from "./gate.ts";

/** @see https://learn.microsoft.com/entra/identity/conditional-access/overview (licence requirements) */
export const licensed: LiveGate = (_, { hasEntraPremium }) =>
  hasEntraPremium
    ? null
    : technician(
        "no_premium_licence",
        "The tenant has no Entra ID P1 or P2 licence, so Conditional Access does not work.",
      );

/** Graph refuses an enforced policy while they are on; turning them off belongs right before the enforcement. */
export const securityDefaultsOff: LiveGate = (_, { securityDefaultsEnabled }) =>
  securityDefaultsEnabled
    ? technician(
        "security_defaults_on",
        "Security defaults are on. Turn them off in Entra right before enforcing, so that no gap opens.",
      )
    : null;

export const liveAsApproved: LiveGate = (_, { live, wanted }) => {
  if (live === null)
    return technician("policy_unreadable", "The live policy cannot be read. Look whether somebody removed it.");
  if (wanted === null)
    return technician(
      "group_missing",
      "A group that the policy names does not exist. Call apply_ca_policy with state report_only.",
    );
  const differences = policyDifferences(wanted, live);
  return differences.length === 0
    ? null
    : technician(
        "policy_differs",
        `The live policy differs from the approved draft in ${countOf(differences.length, "point")}. Find out who changed it and put it back.`,
        firstFew(differences),
      );
};

/** Somebody switched the policy on, off or to report-only; what it says may still be as approved. */
export const stateAsLeft: LiveGate = (question, { live }) => {
  const change = switched(question, question.phase, live);
  if (change === null) return null;
  return change.settlesAt === null
    ? technician(
        "policy_state_differs",
        `The live policy is ${change.is}, and was left ${change.left}. Find out who changed it and put it back.`,
        [`state ${change.is}, expected ${change.left}`],
      )
    : settling(change.settlesAt);
};

/** What somebody did to another policy of ours keeps people out, or lets them by, whatever this phase does. */
export const otherPoliciesAsLeft: LiveGate = (question, { others }) => {
  const changed: string[] = [];
  let settlesAt: Instant | null = null;
  for (const [phase, { live, wanted }] of others) {
    if (live === null) changed.push(`${phase}: cannot be read`);
    if (live === null || wanted === null) continue;
    changed.push(...policyDifferences(wanted, live).map((difference) => `${phase}: ${difference}`));
    const change = switched(question, phase, live);
    if (change !== null && change.settlesAt === null)
      changed.push(`${phase}: is ${change.is}, was left ${change.left}`);
    settlesAt = change?.settlesAt ?? settlesAt;
  }
  if (changed.length === 0) return settlesAt === null ? null : settling(settlesAt);
  return technician(
    "other_policy_differs",
    `Other policies of this rollout differ from what was approved in ${countOf(changed.length, "point")}. Find out who changed them and put them back.`,
    firstFew(changed),
  );
};

const settling = (until: Instant): Blocker =>
  wait("policy_settling", "Entra does not show yet that a policy's state was just changed.", until);

/**
 * Whether a policy of ours stands in another state than we left it. A switch of our own whose end is not recorded, because
 * the process died or the answer was lost, is not somebody's.
 * @returns with `settlesAt` while reads may still show the state before our own last change.
 */
function switched(
  { state, now }: PolicyQuestion,
  phase: PhaseId,
  live: LivePolicy | null,
): { readonly is: PolicyState; readonly left: PolicyState; readonly settlesAt: Instant | null } | null {
  const ours = ownPolicies(state).get(phase);
  if (live === null || ours === undefined || live.state === ours.state) return null;
  const begun = state.effects
    .values()
    .filter(({ status }) => status !== "done")
    .some(({ subject }) => subject.kind === "policy_state" && subject.phase === phase && subject.state === live.state);
  if (begun) return null;
  const settled = addHours(ours.since, SETTLES_WITHIN_HOURS);
  return { is: live.state, left: ours.state, settlesAt: now < settled ? settled : null };
}

/** Proven by the live policy itself, because what was sent is not what stands there. */
export const emergencyAccountsExcluded: LiveGate = (_, { live, emergency }) => {
  const excluded = new Set(emergency.filter((id) => live?.excludeUsers.includes(id)));
  return excluded.size >= FEWEST_EMERGENCY_ACCOUNTS
    ? null
    : technician(
        "emergency_accounts_not_excluded",
        `The live policy excludes ${countOf(excluded.size, "emergency access account")}, at least ${FEWEST_EMERGENCY_ACCOUNTS} needed.`,
        firstFew(excluded),
      );
};

export const serviceProviderExcluded: LiveGate = ({ customer }, { live }) =>
  live?.excludeServiceProviderTenants.some((id) => id.toLowerCase() === customer.mspTenantId.toLowerCase())
    ? null
    : technician(
        "service_provider_not_excluded",
        "The live policy would block the service provider's own technicians.",
        [customer.mspTenantId],
      );

export const phaseGroupExact: LiveGate = (question, { members, emergency }) =>
  members.phase === null ? null : compareGroup(question.phase, members.phase, { question, emergency });

export const exceptionsGroupExact: LiveGate = (question, { members, emergency }) =>
  compareGroup("exceptions", members.exceptions, { question, emergency });

/** Whoever is added to this group escapes every policy of ours, without a signature. */
export const emergencyGroupExact: LiveGate = (question, { members, emergency }) =>
  compareGroup("emergency", members.emergency, { question, emergency });

function compareGroup(
  purpose: GroupPurpose,
  members: ReadonlySet<EntraObjectId>,
  { question, emergency }: { readonly question: PolicyQuestion; readonly emergency: readonly EntraObjectId[] },
): Blocker | null {
  const { roster, state, now } = question;
  if (roster === null) return null;
  const wanted = wantedMembers(purpose, { roster, emergency });
  // Whoever was told a later date leaves the group with the enforcement itself, so they may be there before it or not.
  const certain = wantedMembers(purpose, { roster: enforcing(question.phase, roster), emergency });
  const missing = certain.difference(members);
  const strangers = members.difference(wanted);
  if (missing.size + strangers.size === 0) return null;

  const kind = purpose === "exceptions" || purpose === "emergency" ? purpose : "phase";
  const until = settlesAt(state, { nickname: groupNickname(state.id, purpose), mark: fingerprint(wanted) }, now);
  if (until !== null) {
    return wait(`${kind}_group_settling`, `Entra does not show yet what was just changed in the ${kind} group.`, until);
  }
  return technician(
    `${kind}_group_differs`,
    `The ${kind} group lacks ${countOf(missing.size, "member")} and has ${countOf(strangers.size, "stranger")}. Call apply_ca_policy with state report_only to bring it up to date; ask who added the strangers.`,
    firstFew([...[...missing].map((id) => `lacks ${id}`), ...[...strangers].map((id) => `stranger ${id}`)]),
  );
}
