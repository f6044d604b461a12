import type { Route, VendorRequest, VendorResponse } from "../../core/vendor.ts";
import type { Account } from "../../world/world.ts";
import { graphError } from "./graph-error.ts";
import { graphTime } from "./graph-time.ts";
import { guarded } from "./guarded-route.ts";
import { isMfaCapable, isMfaRegistered, signsInWithBothFactors } from "./mfa-methods.ts";
import { parseFilter } from "./odata-filter.ts";
import { answerPage } from "./odata-page.ts";
import { reportCall } from "./report-call.ts";
import type { Json } from "./request-body.ts";
import { select } from "./select.ts";
import type { Tenant } from "./tenant.ts";

const DAY_MS = 86_400_000;
const REFRESHED_AT_MS = 2 * 3_600_000;

/**
 * Who has registered what. Disabled users have no row, and a row tells what was true when it was last refreshed, hours
 * behind.
 */
export function registrationReportRoutes(tenant: Tenant): readonly Route[] {
  return [
    // learn.microsoft.com/graph/api/authenticationmethodsroot-list-userregistrationdetails
    {
      method: "GET",
      path: "/v1.0/reports/authenticationMethods/userRegistrationDetails",
      access: { app: [["AuditLog.Read.All"]] },
      handle: reportCall(tenant, (request) => list(tenant, request)),
    },
  ].map((route) => guarded(tenant, route));
}

function list({ box: { world }, frozenReport }: Tenant, request: VendorRequest): VendorResponse {
  const text = request.url.searchParams.get("$filter");
  const filter = text === null ? null : parseFilter(text, { exactCase: false });
  if (text !== null && filter === null) return graphError(400, "BadRequest", "Invalid filter clause.");
  const now = world.now();
  const row = (account: Account): Json => {
    const { methodsRegistered, at } = account.reported;
    return frozenReport === null
      ? rowOf(account, methodsRegistered, Math.max(Date.parse(at), lastNight(now)))
      : rowOf(account, frozenReport.methods.get(account.id) ?? [], frozenReport.at);
  };
  const rows = [...world.accounts.values()].filter(
    (account) =>
      account.accountEnabled &&
      Date.parse(account.reported.at) <= now &&
      (filter === null || filter.matches(row(account))),
  );
  const shape = (account: Account): Json => select(row(account), request.url);
  return answerPage(request, rows, { usual: 999, most: 999, world, key: "registration", shape });
}

/** Every row is refreshed at least once a day, in the small hours. */
const lastNight = (now: number): number => Math.floor((now - REFRESHED_AT_MS) / DAY_MS) * DAY_MS + REFRESHED_AT_MS;

function rowOf(account: Account, methods: readonly string[], refreshedAt: number): Json {
  const registered = isMfaRegistered(methods);
  return {
    id: account.id,
    userPrincipalName: account.userPrincipalName,
    userDisplayName: account.displayName,
    userType: account.userType === "Guest" ? "guest" : "member",
    isAdmin: account.roles.length > 0,
    isSsprRegistered: methods.length > 0,
    isSsprEnabled: account.userType === "Member",
    isSsprCapable: methods.length > 0 && account.userType === "Member",
    isMfaRegistered: registered,
    isMfaCapable: isMfaCapable(methods),
    isPasswordlessCapable: signsInWithBothFactors(methods),
    methodsRegistered: methods,
    isSystemPreferredAuthenticationMethodEnabled: true,
    systemPreferredAuthenticationMethods: registered ? ["PhoneAppNotification"] : [],
    userPreferredMethodForSecondaryAuthentication: registered ? "push" : "none",
    // When the row was refreshed, not when the user registered.
    lastUpdatedDateTime: graphTime(refreshedAt),
  };
}
