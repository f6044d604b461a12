import type { FindingCause, SignIn } from "../model/signin.ts";

/** Whatever is not one of these two is taken for legacy until somebody shows otherwise. */
const MODERN_CLIENTS: ReadonlySet<string> = new Set(["browser", "mobile apps and desktop clients"]);

/**
 * The password was right and what was missing is MFA: register now (50072, 50079), use it (50074, 50076).
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const INTERRUPTS: ReadonlySet<number> = new Set([50072, 50074, 50076, 50079]);
/** The request for MFA went out and was not answered, answered no, or answered wrongly. */
const MFA_FAILED = 500121;
/** Blocked by Conditional Access. */
const BLOCKED_BY_POLICY = 53003;

/** Told to register or use MFA, which an interactive client can do on the spot. */
export const isInterrupt = ({ errorCode }: SignIn): boolean => INTERRUPTS.has(errorCode);

export const isFailedMfa = ({ errorCode }: SignIn): boolean => errorCode === MFA_FAILED;

export const isModernClient = ({ clientApp, protocol }: SignIn): boolean =>
  MODERN_CLIENTS.has(clientApp.trim().toLowerCase()) && protocol !== "ropc";

/**
 * Why enforcement would break this sign-in, or `null`.
 *
 * Only sign-ins with the right password count: anybody can try a wrong one over IMAP, and such guesses would close
 * the gate for every account they name. One that already satisfies a policy of ours breaks on nothing, whatever its
 * client is called (Exchange Web Services, for one, can use modern authentication).
 *
 * @param isOurs - Whether a policy id is one of this rollout's.
 * @see https://learn.microsoft.com/entra/identity/conditional-access/policy-block-legacy-authentication
 */
export function causeOf(signIn: SignIn, isOurs: (policyId: string) => boolean): FindingCause | null {
  if (signIn.errorCode !== 0 && !isInterrupt(signIn) && signIn.errorCode !== BLOCKED_BY_POLICY) return null;
  const outcomes = signIn.policies.filter(({ policyId }) => isOurs(policyId)).map(({ outcome }) => outcome);
  if (outcomes.includes("success") || outcomes.includes("report_only_success")) return null;

  if (signIn.protocol === "ropc") return "ropc";
  if (signIn.protocol === "deviceCode") return "device_code";
  if (!isModernClient(signIn)) return "legacy_protocol";
  return outcomes.includes("report_only_failure") ? "app_without_mfa" : null;
}

/** What ends the trouble, for the technician. */
export const REMEDY: Readonly<Record<FindingCause, string>> = {
  legacy_protocol:
    "Move the client to modern authentication, or a device to a relay that needs no user account; this protocol cannot ask for MFA.",
  ropc: "Give the application its own identity or an interactive sign-in; a stored password (ROPC) cannot satisfy MFA.",
  device_code:
    "Sign the device in again with MFA, or give it a resource account with its own policy; confirm that a person expects this device code sign-in.",
  app_without_mfa:
    "Update or replace the application, or have its owner sign in interactively; it cannot answer an MFA request.",
};
