import type { Account, SignIn, SignInAttempt, SignInJudge, World } from "../../world/world.ts";
import { isMfaCapable, signsInWithBothFactors } from "./mfa-methods.ts";
import type { Policy } from "./policy.ts";
import { type ClientAppType, mismatch } from "./policy-match.ts";
import type { Tenant } from "./tenant.ts";

type Verdict = ReturnType<SignInJudge>;
type Applied = SignIn["appliedPolicies"][number];

/** learn.microsoft.com/entra/identity-platform/reference-error-codes */
const ERROR = {
  mfaRequired: 50076,
  mfaFailed: 500121,
  registrationRequired: 50079,
  blocked: 53003,
  deviceNotCompliant: 53000,
} as const;

/** Directory Synchronization Accounts, and the newer role for the same purpose. */
const SYNC_ROLES: readonly string[] = ["d29b2b05-8046-44ba-8758-1e26182fcf32", "a92aed5d-d78a-4d16-b381-09adb37eb3b0"];
/** Share of days on which a registered person's session has done MFA already, for some other reason. */
const SESSION_WITH_MFA_SHARE = 0.3;

/** How an attempt stands to the control "MFA". */
type MfaStanding =
  | "done" // the session carries the claim
  | "would prompt" // the person can answer the prompt, and does
  | "no answer" // the person is asked and the phone is gone
  | "would register" // the person would have to register first
  | "impossible"; // the protocol cannot show a prompt

/**
 * Judges sign-ins by the policies in force, as Conditional Access does after the first factor.
 *
 * Report-only results follow the documentation to the letter: a control that a user could satisfy by acting, such as
 * MFA, gives `reportOnlyInterrupted`, also over a protocol that cannot ask; only a control that no user can satisfy,
 * such as block, gives `reportOnlyFailure`.
 *
 * @see learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-report-only
 */
export function signInJudge(tenant: Tenant): SignInJudge {
  const { world } = tenant.box;
  // A busy tenant has few distinct results; sharing them keeps a log of millions small.
  const shared = new Map<Policy, Map<string, Applied>>();
  const share = (policy: Policy, result: string): Applied => {
    const ofPolicy = shared.get(policy) ?? new Map<string, Applied>();
    shared.set(policy, ofPolicy);
    const known = ofPolicy.get(result) ?? { id: policy.id, displayName: policy.displayName, result };
    ofPolicy.set(result, known);
    return known;
  };

  return (attempt): Verdict => {
    const account = world.accounts.get(attempt.accountId);
    if (account === undefined) return { errorCode: 0, conditionalAccessStatus: "notApplied", appliedPolicies: [] };
    const standing = mfaStanding(world, account, attempt);
    const facts = factsOf(account, attempt, world.profile.office.countryOrRegion);
    let errorCode = olderDemand(tenant, { account, standing, clientAppType: facts.clientAppType });
    let isEnforced = false;
    const appliedPolicies = tenant.policies.inForce(Date.parse(attempt.at)).map((policy) => {
      if (policy.state === "disabled") return share(policy, "notEnabled");
      const reportOnly = policy.state === "enabledForReportingButNotEnforced";
      if (mismatch(policy, facts, tenant) !== null) {
        return share(policy, reportOnly ? "reportOnlyNotApplied" : "notApplied");
      }
      const error = grantError(policy, { standing, clientAppType: facts.clientAppType, account, attempt });
      if (reportOnly) return share(policy, reportOnlyResult(error, standing, policy));
      isEnforced = true;
      errorCode ||= error;
      return share(policy, error === 0 ? "success" : "failure");
    });
    const conditionalAccessStatus = errorCode !== 0 ? "failure" : isEnforced ? "success" : "notApplied";
    return { errorCode, conditionalAccessStatus, appliedPolicies };
  };
}

/**
 * What security defaults and the switch on single accounts ask beside any policy. Defaults bar legacy protocols; per-user
 * MFA, once enforced, refuses a client that cannot show a prompt.
 *
 * @see learn.microsoft.com/entra/fundamentals/security-defaults, learn.microsoft.com/entra/identity/authentication/howto-mfa-userstates
 */
function olderDemand(
  { securityDefaults }: Tenant,
  { account, standing, clientAppType }: Pick<GrantQuestion, "account" | "standing" | "clientAppType">,
): number {
  const isLegacy = clientAppType === "other" || clientAppType === "exchangeActiveSync";
  if (securityDefaults.isEnabled && isLegacy) return ERROR.blocked;
  return account.perUserMfa === "enforced" ? mfaError(standing, clientAppType) : 0;
}

function factsOf(account: Account, attempt: SignInAttempt, home: string) {
  const clientAppType = clientAppTypeOf(attempt.clientAppUsed);
  const { appId, resourceDisplayName, ipAddress, authenticationProtocol, countryOrRegion = home } = attempt;
  return {
    account,
    clientAppType,
    appId,
    resourceDisplayName,
    devicePlatform: platformOf(attempt.device?.operatingSystem ?? ""),
    userRiskLevel: null,
    // The log says `none` of every sign-in.
    signInRiskLevel: "none",
    place: { ipAddress, countryOrRegion },
    transferMethod: authenticationProtocol === "deviceCode" ? "deviceCodeFlow" : "none",
  };
}

const SYSTEMS: Readonly<Record<string, string>> = {
  android: "android",
  ios: "iOS",
  windows: "windows",
  macos: "macOS",
  linux: "linux",
};

/** The policy's word for a system that the log writes with its version; a system that is not known meets no word. */
function platformOf(operatingSystem: string): string {
  const name = /^[a-z]+/i.exec(operatingSystem.replace(" ", ""))?.[0].toLowerCase() ?? "";
  return SYSTEMS[name] ?? "unknown";
}

function clientAppTypeOf(clientAppUsed: string): ClientAppType {
  if (clientAppUsed === "Browser") return "browser";
  if (clientAppUsed === "Mobile Apps and Desktop clients") return "mobileAppsAndDesktopClients";
  return clientAppUsed === "Exchange ActiveSync" ? "exchangeActiveSync" : "other";
}

function mfaStanding(world: World, account: Account, attempt: SignInAttempt): MfaStanding {
  const clientAppType = clientAppTypeOf(attempt.clientAppUsed);
  const isLegacy = clientAppType === "other" || clientAppType === "exchangeActiveSync";
  // The synchronization service signs in by name and password, whatever its log entry calls it.
  const isSync = account.roles.some((role) => SYNC_ROLES.includes(role));
  if (isLegacy || isSync || attempt.authenticationProtocol === "ropc") return "impossible";
  // A device that was signed in with a code renews its session when nobody is there; entering the code, somebody is.
  // learn.microsoft.com/entra/identity/conditional-access/concept-authentication-flows
  if (attempt.authenticationProtocol === "deviceCode" && !attempt.interactive) return "impossible";
  if (signsInWithBothFactors(account.methodsRegistered)) return "done";
  // Without a method the client that renews a session gets the same refusal as the person who signs in.
  if (!isMfaCapable(account.methodsRegistered)) return "would register";
  if (world.hasLostPhone(account.id)) return attempt.interactive ? "no answer" : "impossible";
  const day = attempt.at.slice(0, 10);
  return world.chance(`mfa in session ${account.id} ${day}`) < SESSION_WITH_MFA_SHARE ? "done" : "would prompt";
}

interface GrantQuestion {
  readonly standing: MfaStanding;
  readonly clientAppType: ClientAppType;
  readonly account: Account;
  readonly attempt: SignInAttempt;
}

/** 0 when the policy's grant controls are met, else the error of the first that is not. */
function grantError(
  { grantControls: grant }: Policy,
  { standing, clientAppType, account, attempt }: GrantQuestion,
): number {
  if (grant === null) return 0; // session controls alone stop nobody
  const { builtInControls, authenticationStrength } = grant;
  const errors = builtInControls.map((control) => {
    if (control === "block") return ERROR.blocked;
    return control === "mfa" ? mfaError(standing, clientAppType) : deviceError(control, attempt);
  });
  if (authenticationStrength !== null) {
    errors.push(
      strengthError(authenticationStrength.id, { standing, clientAppType, methods: account.methodsRegistered }),
    );
  }
  const isMet = grant.operator === "OR" ? errors.includes(0) : errors.every((error) => error === 0);
  return isMet ? 0 : (errors.find((error) => error !== 0) ?? 0);
}

/** A person who is asked and can answer does answer: the prompt is no failure. */
function mfaError(standing: MfaStanding, clientAppType: ClientAppType): number {
  if (standing === "would register") return ERROR.registrationRequired;
  if (standing === "no answer") return ERROR.mfaFailed;
  if (standing !== "impossible") return 0;
  // Basic authentication is cut off; OAuth with a password gets the answer that its client cannot act on.
  return clientAppType === "other" || clientAppType === "exchangeActiveSync" ? ERROR.blocked : ERROR.mfaRequired;
}

/**
 * The device that shows a code is not the one that proves its state, so such a sign-in never has it.
 * learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant
 */
function deviceError(control: string, { device, authenticationProtocol }: SignInAttempt): number {
  if (authenticationProtocol === "deviceCode") return ERROR.deviceNotCompliant;
  const isMet =
    (control === "compliantDevice" && device?.isCompliant === true) ||
    (control === "domainJoinedDevice" && device?.trustType === "Hybrid Azure AD joined");
  return isMet ? 0 : ERROR.deviceNotCompliant;
}

/** learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths: the built-in ones. */
const STRENGTH_METHODS: Readonly<Record<string, readonly string[]>> = {
  "00000000-0000-0000-0000-000000000003": [
    "windowsHelloForBusiness",
    "fido2",
    "passKeyDeviceBound",
    "microsoftAuthenticatorPasswordless",
  ],
  "00000000-0000-0000-0000-000000000004": ["windowsHelloForBusiness", "fido2", "passKeyDeviceBound"],
};

/** Who has MFA of another kind only is asked to register one of the strength's methods. */
function strengthError(
  id: string,
  person: { standing: MfaStanding; clientAppType: ClientAppType; methods: readonly string[] },
): number {
  const error = mfaError(person.standing, person.clientAppType);
  const methods = STRENGTH_METHODS[id];
  if (error !== 0 || methods === undefined) return error;
  return person.methods.some((method) => methods.includes(method)) ? 0 : ERROR.registrationRequired;
}

function reportOnlyResult(error: number, standing: MfaStanding, { grantControls }: Policy): string {
  const controls = grantControls?.builtInControls ?? [];
  const asksForMfa = controls.includes("mfa") || (grantControls?.authenticationStrength ?? null) !== null;
  if (asksForMfa && (error === 0 ? standing !== "done" : !failsWithoutUser(controls, grantControls?.operator))) {
    return "reportOnlyInterrupted";
  }
  return error === 0 ? "reportOnlySuccess" : "reportOnlyFailure";
}

/** A control beside MFA that no user can satisfy, and that all of them are needed. */
const failsWithoutUser = (controls: readonly string[], operator: "AND" | "OR" | undefined): boolean =>
  operator === "AND" && controls.some((control) => control !== "mfa");
