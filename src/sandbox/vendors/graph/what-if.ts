import type { Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import { badRequest, noSuchObject } from "./graph-error.ts";
import { guarded } from "./guarded-route.ts";
import { POLICY_READERS } from "./permissions.ts";
import { asGraph } from "./policies.ts";
import { type ClientAppType, mismatch, type SignInFacts } from "./policy-match.ts";
import { isObject, type Json, readBody } from "./request-body.ts";
import type { Tenant } from "./tenant.ts";

const CLIENT_APP_TYPES: readonly ClientAppType[] = [
  "browser",
  "mobileAppsAndDesktopClients",
  "exchangeActiveSync",
  "other",
];

/** What-If: which policies a sign-in described by the caller would meet, enforced and report-only. */
export function whatIfRoutes(tenant: Tenant): readonly Route[] {
  return [
    // learn.microsoft.com/graph/api/conditionalaccessroot-evaluate; not among the resources of the limit on policies.
    {
      method: "POST",
      path: "/v1.0/identity/conditionalAccess/evaluate",
      access: { app: [POLICY_READERS] },
      handle: (request: VendorRequest) => evaluate(tenant, request),
    },
  ].map((route) => guarded(tenant, route));
}

function evaluate(tenant: Tenant, request: VendorRequest): VendorResponse {
  const body = readBody(request) ?? {};
  const { signInIdentity, signInContext, signInConditions, appliedPoliciesOnly } = body;
  if (!isObject(signInIdentity) || signInIdentity["@odata.type"] !== "#microsoft.graph.userSignIn") {
    return badRequest("signInIdentity must be of type #microsoft.graph.userSignIn.");
  }
  if (!isObject(signInContext) || signInContext["@odata.type"] !== "#microsoft.graph.applicationContext") {
    return badRequest("signInContext must be of type #microsoft.graph.applicationContext.");
  }
  const userId = text(signInIdentity, "userId") ?? "";
  const account = tenant.box.world.accounts.get(userId);
  if (account === undefined) return noSuchObject(userId);
  const { includeApplications } = signInContext;
  if (!Array.isArray(includeApplications) || includeApplications.length !== 1) {
    return badRequest("includeApplications must name one application.");
  }
  const conditions = isObject(signInConditions) ? signInConditions : {};
  const given = text(conditions, "clientAppType");
  const facts: SignInFacts = {
    account,
    clientAppType: CLIENT_APP_TYPES.find((type) => type === given) ?? null,
    appId: String(includeApplications[0]),
    resourceDisplayName: null,
    devicePlatform: text(conditions, "devicePlatform"),
    userRiskLevel: text(conditions, "userRiskLevel"),
    signInRiskLevel: text(conditions, "signInRiskLevel"),
    place: placeIn(conditions),
    transferMethod: null,
  };
  const results = tenant.policies.visible.map((policy) => {
    const reason = policy.state === "disabled" ? "policyNotEnabled" : mismatch(policy, facts, tenant);
    return { ...asGraph(policy), policyApplies: reason === null, analysisReasons: reason ?? "notSet" };
  });
  const value = appliedPoliciesOnly === true ? results.filter(({ policyApplies }) => policyApplies) : results;
  return {
    status: 200,
    body: {
      "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#Collection(microsoft.graph.whatIfAnalysisResult)",
      value,
    },
  };
}

function placeIn(conditions: Json): SignInFacts["place"] {
  const ipAddress = text(conditions, "ipAddress");
  return ipAddress === null ? null : { ipAddress, countryOrRegion: text(conditions, "country") ?? "" };
}

function text(from: Json, name: string): string | null {
  const value = from[name];
  return typeof value === "string" ? value : null;
}
