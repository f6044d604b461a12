import type { AccessPolicy, AccessRules } from "./access-policy.ts";
import { type Applies, all, type Circumstances, isFor, meets, type Subject } from "./applies.ts";
import type { Rules } from "./judge-sign-in.ts";

/** Office 365 Exchange Online, which every tenant has and everybody signs in to. */
const EXCHANGE_ONLINE = "00000002-0000-0ff1-ce00-000000000000";

/** The sign-in about which What-If is asked: a browser on an unknown device at an unknown place. */
const ASKED: Circumstances = {
  appId: EXCHANGE_ONLINE,
  resourceId: EXCHANGE_ONLINE,
  resource: "Office 365 Exchange Online",
  clientApp: "Browser",
  protocol: null,
  platform: null,
  ipAddress: null,
  country: null,
  risk: null,
};

/**
 * Where What-If and our own evaluation differ on an account: ids of the policies given that one applies and the other not.
 * A policy whose conditions the question leaves open is passed over.
 * @param rules.policies - Enforced and report-only ones, or those as if they were.
 * @param applied - Ids of the policies that What-If says would apply.
 */
export function whatIfDisputes(
  rules: AccessRules & Pick<Rules, "membership">,
  subject: Subject,
  applied: readonly string[],
): readonly string[] {
  return rules.policies
    .filter((policy) => {
      const expected = expectedOf(policy, subject, rules);
      return expected !== "unknown" && (expected === "yes") !== applied.includes(policy.id);
    })
    .map(({ id }) => id);
}

function expectedOf(
  policy: AccessPolicy,
  subject: Subject,
  { membership, locations }: Pick<Rules, "membership" | "locations">,
): Applies {
  // Asked about no platform, What-If cannot tell; a sign-in from an unknown one is another thing.
  if (policy.platforms !== null) return "unknown";
  const who = isFor(policy, subject, membership);
  return who === "no" ? "no" : all([who, meets(policy, ASKED, locations)]);
}
