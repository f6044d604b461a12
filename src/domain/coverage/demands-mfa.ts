import type { AccessPolicy, Choice, GrantControl } from "../foresight/access-policy.ts";

const MFA: ReadonlySet<GrantControl> = new Set(["mfa", "passwordless", "phishing_resistant"]);
const CLIENTS = ["browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"];

/** Whether nobody to whom a policy applies gets by without MFA: "MFA or a compliant device" does not demand it. */
export function demandsMfa({ grant }: AccessPolicy): boolean {
  if (grant === null) return false;
  const isMfa = (control: GrantControl): boolean => MFA.has(control);
  return grant.operator === "AND" ? grant.controls.some(isMfa) : grant.controls.every(isMfa);
}

/** Whether a policy applies wherever and however an account signs in, so that whom it is for decides alone. */
export function appliesEverywhere(policy: AccessPolicy): boolean {
  const { applications, clientAppTypes, platforms, locations, signInRisk, transferMethods, unread } = policy;
  return (
    isAny(applications, "All") &&
    (clientAppTypes.includes("all") || CLIENTS.every((type) => clientAppTypes.includes(type))) &&
    (platforms === null || isAny(platforms, "all")) &&
    (locations === null || isAny(locations, "All")) &&
    [signInRisk, transferMethods, unread].every(({ length }) => length === 0)
  );
}

const isAny = ({ include, exclude }: Choice, word: string): boolean => include.includes(word) && exclude.length === 0;
