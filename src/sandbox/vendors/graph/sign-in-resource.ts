import type { SignIn, World } from "../../world/world.ts";
import { graphTime } from "./graph-time.ts";
import { isMfaCapable } from "./mfa-methods.ts";
import type { Json } from "./request-body.ts";
import type { Tenant } from "./tenant.ts";

/** What a caller gets to see of a sign-in. */
export interface SignInView {
  readonly version: "v1.0" | "beta";
  /** Without a permission for policies their list is silently empty. */
  readonly seesPolicies: boolean;
  /** Without `Prefer: include-unknown-enum-members` the report-only results are hidden. */
  readonly seesUnknownMembers: boolean;
}

const FAILURE_REASONS: Readonly<Record<number, string>> = {
  0: "Other.",
  50076: "Due to a configuration change made by your administrator, you must use multi-factor authentication.",
  50079: "Due to a configuration change made by your administrator, you must enroll in multi-factor authentication.",
  53000: "Device is not in required device state: compliant.",
  53003: "Access has been blocked by Conditional Access policies.",
};

/** Application ids of resources, as far as anybody asks for one. */
const RESOURCE_IDS: Readonly<Record<string, string>> = {
  "Office 365 Exchange Online": "00000002-0000-0ff1-ce00-000000000000",
  "Universal Store Service APIs and Web Application": "45a330b1-b1ec-4cc1-9161-9f03992aa49f",
};

/**
 * A sign-in as the log's API returns it. The address is in lower case, as filters must give it.
 *
 * @see learn.microsoft.com/graph/api/resources/signin
 */
export function signInResource(tenant: Tenant, signIn: SignIn, view: SignInView): Json {
  const account = tenant.box.world.accounts.get(signIn.accountId);
  const { tenantId } = tenant.box.world;
  const resource = {
    id: signIn.id,
    createdDateTime: graphTime(Date.parse(signIn.at)),
    userDisplayName: account?.displayName ?? "",
    userPrincipalName: account?.userPrincipalName.toLowerCase() ?? "",
    userId: signIn.accountId,
    appId: signIn.appId,
    appDisplayName: signIn.appDisplayName,
    ipAddress: signIn.ipAddress,
    clientAppUsed: signIn.clientAppUsed,
    userAgent: signIn.userAgent,
    correlationId: signIn.id,
    conditionalAccessStatus: signIn.conditionalAccessStatus,
    isInteractive: signIn.interactive,
    riskDetail: "none",
    riskLevelAggregated: "none",
    riskLevelDuringSignIn: "none",
    riskState: "none",
    riskEventTypes_v2: [],
    resourceDisplayName: signIn.resourceDisplayName,
    resourceId: RESOURCE_IDS[signIn.resourceDisplayName] ?? null,
    homeTenantId: tenantId,
    resourceTenantId: tenantId,
    status: {
      errorCode: signIn.errorCode,
      failureReason: FAILURE_REASONS[signIn.errorCode] ?? "Other.",
      additionalDetails: null,
    },
    deviceDetail: deviceDetail(signIn),
    location: locationOf(signIn, tenant.box.world),
    appliedConditionalAccessPolicies: view.seesPolicies ? appliedPolicies(tenant, signIn, view) : [],
  };
  if (view.version === "v1.0") return resource;
  const hadMfa = signIn.errorCode === 0 && isMfaCapable(account?.methodsRegistered ?? []);
  return {
    ...resource,
    signInEventTypes: [signIn.interactive ? "interactiveUser" : "nonInteractiveUser"],
    authenticationProtocol: signIn.authenticationProtocol,
    authenticationRequirement: hadMfa ? "multiFactorAuthentication" : "singleFactorAuthentication",
    authenticationDetails: [],
    crossTenantAccessType: "none",
    incomingTokenType: "none",
    userType: account?.userType === "Guest" ? "guest" : "member",
  };
}

function deviceDetail({ device }: SignIn): Json {
  const { operatingSystem = "", isCompliant = false, trustType = "" } = device ?? {};
  return { deviceId: "", displayName: "", operatingSystem, isCompliant, isManaged: isCompliant, trustType };
}

const locationOf = ({ countryOrRegion }: SignIn, { profile: { office } }: World): Json =>
  countryOrRegion === undefined
    ? { ...office, geoCoordinates: {} }
    : { city: "", state: "", countryOrRegion, geoCoordinates: {} };

function appliedPolicies(tenant: Tenant, { appliedPolicies: applied }: SignIn, view: SignInView): readonly Json[] {
  return applied.map(({ id, displayName, result }) => {
    const controls = tenant.policies.latest.find((policy) => policy.id === id)?.grantControls?.builtInControls ?? [];
    const isApplied = !/not(Applied|Enabled)/i.test(result);
    return {
      id,
      displayName,
      enforcedGrantControls: isApplied ? controls.map((control) => control[0]?.toUpperCase() + control.slice(1)) : [],
      enforcedSessionControls: [],
      result: result.startsWith("reportOnly") && !view.seesUnknownMembers ? "unknownFutureValue" : result,
    };
  });
}
