import type { SignIn } from "../model/signin.ts";
import type { AccessPolicy, GrantControl } from "./access-policy.ts";
import { clientAppType } from "./applies.ts";

/** How a sign-in stands to what policies demand, best first. From `no_method` on it is refused. */
export const STANDINGS = [
  /** Nothing is demanded, or it is there already. */
  "met",
  /** A prompt, and this person can answer it. */
  "asked",
  /** A control that the log does not tell about. */
  "unclear",
  /** A prompt that this person has no method to answer. */
  "no_method",
  /** The device is not what the policy demands. */
  "device",
  /** The client or protocol cannot show a prompt, or nobody is there to see it. */
  "client",
  "blocked",
] as const;
export type Standing = (typeof STANDINGS)[number];

const rank = (standing: Standing): number => STANDINGS.indexOf(standing);
export const isRefused = (standing: Standing): boolean => rank(standing) >= rank("no_method");
export const worse = (one: Standing, other: Standing): Standing => (rank(one) >= rank(other) ? one : other);

/** What the registration report and the directory say about who can answer a prompt. */
export interface Ability {
  /** Has a method that policy allows; not reported counts as `false`. */
  readonly capable: boolean;
  readonly methods: readonly string[];
  /** The synchronisation service signs in with a password, and nobody is there. */
  readonly directorySync: boolean;
}

/**
 * How a sign-in stands to the grant controls of a policy that applies to it: with AND as to the worst of them, with OR
 * as to the best.
 *
 * @see https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant
 */
export function standingTo({ grant }: AccessPolicy, signIn: SignIn, ability: Ability): Standing {
  if (grant === null) return "met";
  const ranks = grant.controls.map((control) => rank(standingToControl(control, signIn, ability)));
  return STANDINGS[grant.operator === "AND" ? Math.max(...ranks) : Math.min(...ranks)] ?? "met";
}

function standingToControl(control: GrantControl, signIn: SignIn, ability: Ability): Standing {
  switch (control) {
    case "block":
      return "blocked";
    case "compliantDevice":
      return deviceIs(signIn.compliantDevice, signIn);
    case "domainJoinedDevice":
      return deviceIs(signIn.joinedDevice, signIn);
    case "other":
      return "unclear";
    default:
      return standingToMfa(control, signIn, ability);
  }
}

/** A device that shows a code does not hand its own state on, so no such control is ever met. @see the page above */
const deviceIs = (state: boolean, { protocol }: SignIn): Standing =>
  state && protocol !== "deviceCode" ? "met" : "device";

/**
 * @see https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths
 */
const STRONG: Readonly<Record<"passwordless" | "phishing_resistant", ReadonlySet<string>>> = (() => {
  const phishingResistant = [
    "windowsHelloForBusiness",
    "fido2",
    "fido2SecurityKey",
    "passKeyDeviceBound",
    "passKeyDeviceBoundAuthenticator",
    "passKeyDeviceBoundWindowsHello",
    "x509CertificateMultiFactor",
  ];
  return {
    phishing_resistant: new Set(phishingResistant),
    passwordless: new Set([...phishingResistant, "microsoftAuthenticatorPasswordless"]),
  };
})();

function standingToMfa(
  control: "mfa" | "passwordless" | "phishing_resistant",
  signIn: SignIn,
  ability: Ability,
): Standing {
  if (ability.directorySync || !canPrompt(signIn)) return "client";
  const able = ability.capable && (control === "mfa" || ability.methods.some((method) => STRONG[control].has(method)));
  return able ? "asked" : "no_method";
}

/**
 * Legacy protocols and ROPC carry a password and nothing else. A device that was signed in with a code renews its
 * session with nobody there; while the code is being entered, somebody is.
 *
 * @see https://learn.microsoft.com/entra/identity/conditional-access/policy-block-legacy-authentication
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc
 * @see https://learn.microsoft.com/entra/identity/conditional-access/concept-authentication-flows
 */
function canPrompt({ clientApp, protocol, interactive }: SignIn): boolean {
  const type = clientAppType(clientApp);
  if (type === "other" || type === "exchangeActiveSync" || protocol === "ropc") return false;
  return protocol !== "deviceCode" || interactive;
}
