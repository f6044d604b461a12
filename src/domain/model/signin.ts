import type { EntraObjectId, UserPrincipalName } from "./ids.ts";
import type { Instant } from "./time.ts";

/** How a policy that was in force judged one sign-in. `interrupted` on report-only = would have been prompted. */
export type PolicyOutcome =
  | "success"
  | "failure"
  | "not_applied"
  | "report_only_success"
  | "report_only_failure"
  | "report_only_interrupted"
  | "report_only_not_applied"
  | "other";

export type Platform = "android" | "iOS" | "windows" | "macOS" | "linux" | "windowsPhone";

export interface SignIn {
  readonly id: string;
  readonly at: Instant;
  readonly objectId: EntraObjectId;
  readonly upn: UserPrincipalName;
  readonly appId: string;
  readonly appName: string;
  /** What was signed in to: the application that policies name. Empty where the log does not tell. */
  readonly resourceId: string;
  readonly resource: string;
  /** Entra's `clientAppUsed` as it stands: `Browser`, `Mobile Apps and Desktop clients`, `Authenticated SMTP` … */
  readonly clientApp: string;
  /** Beta only: `ropc`, `deviceCode`, `oAuth2` …; `null` where v1.0 does not tell. */
  readonly protocol: string | null;
  readonly interactive: boolean;
  readonly ipAddress: string | null;
  /** ISO 3166 code of two letters, as Entra places the address. */
  readonly country: string | null;
  /** The device's system in the word that policies use for it. */
  readonly platform: Platform | null;
  /** What the device proved about itself; `false` where the log says nothing. */
  readonly compliantDevice: boolean;
  readonly joinedDevice: boolean;
  /** Risk of this sign-in as Entra saw it at the time; `null`: hidden, which needs another licence. */
  readonly risk: "none" | "low" | "medium" | "high" | null;
  /** 0 = success. */
  readonly errorCode: number;
  readonly conditionalAccess: "success" | "failure" | "notApplied" | "unknown";
  /** By policy id. Empty when no policy was evaluated; the connector refuses data where Graph hid the results. */
  readonly policies: readonly { readonly policyId: string; readonly outcome: PolicyOutcome }[];
}

export type FindingCause = "legacy_protocol" | "ropc" | "device_code" | "app_without_mfa";

/** Sign-ins that enforcement would break: one per account, client and application. */
export interface Finding {
  /** `fnd_<12 hex>` of account, application and client: the same trouble keeps its id from one look to the next. */
  readonly id: string;
  readonly cause: FindingCause;
  readonly objectId: EntraObjectId;
  readonly upn: UserPrincipalName;
  readonly clientApp: string;
  readonly appName: string;
  readonly count: number;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
  readonly remedy: string;
}
