import { z } from "zod";
import { entraObjectId, userPrincipalName } from "../../domain/model/ids.ts";
import type { Platform, PolicyOutcome, SignIn } from "../../domain/model/signin.ts";
import { instant } from "../../domain/model/time.ts";

/** @see https://learn.microsoft.com/graph/api/resources/appliedconditionalaccesspolicy */
const OUTCOMES: ReadonlyMap<string, PolicyOutcome> = new Map([
  ["success", "success"],
  ["failure", "failure"],
  ["notApplied", "not_applied"],
  ["reportOnlySuccess", "report_only_success"],
  ["reportOnlyFailure", "report_only_failure"],
  ["reportOnlyInterrupted", "report_only_interrupted"],
  ["reportOnlyNotApplied", "report_only_not_applied"],
]);

const AppliedPolicy = z.object({
  id: z.string().min(1),
  // Graph writes this word for the report-only results where it did not take our Prefer header. Taken as data it would
  // say that nobody is affected.
  result: z.string().refine((result) => result !== "unknownFutureValue"),
});

/** One entry of the sign-in log, v1.0 or beta. */
export const GraphSignIn = z.object({
  id: z.string().min(1),
  createdDateTime: z.iso.datetime({ offset: true }),
  userId: z.string(),
  userPrincipalName: z.string(),
  appId: z.string().nullish(),
  appDisplayName: z.string().nullish(),
  clientAppUsed: z.string().nullish(),
  /** Beta only. */
  authenticationProtocol: z.string().nullish(),
  ipAddress: z.string().nullish(),
  resourceId: z.string().nullish(),
  resourceDisplayName: z.string().nullish(),
  riskLevelDuringSignIn: z.string().nullish(),
  location: z.object({ countryOrRegion: z.string().nullish() }).nullish(),
  deviceDetail: z
    .object({
      operatingSystem: z.string().nullish(),
      isCompliant: z.boolean().nullish(),
      trustType: z.string().nullish(),
    })
    .nullish(),
  status: z.object({ errorCode: z.number().int() }),
  conditionalAccessStatus: z.string().nullish(),
  /** Left out or empty where the app may not read policies. */
  appliedConditionalAccessPolicies: z.array(AppliedPolicy).nullish(),
});

type Row = z.output<typeof GraphSignIn>;

export function toSignIn(row: Row, log: { readonly interactive: boolean }): SignIn {
  return {
    id: row.id,
    at: instant(row.createdDateTime),
    objectId: entraObjectId(row.userId),
    upn: userPrincipalName(row.userPrincipalName),
    appId: (row.appId ?? "").toLowerCase(),
    appName: row.appDisplayName ?? "",
    clientApp: row.clientAppUsed ?? "",
    protocol: row.authenticationProtocol ?? null,
    interactive: log.interactive,
    resourceId: (row.resourceId ?? "").toLowerCase(),
    resource: row.resourceDisplayName ?? "",
    ipAddress: row.ipAddress ?? null,
    country: row.location?.countryOrRegion || null,
    platform: platform(row.deviceDetail?.operatingSystem ?? ""),
    compliantDevice: row.deviceDetail?.isCompliant === true,
    joinedDevice: row.deviceDetail?.trustType === HYBRID_JOINED,
    risk: RISKS.find((risk) => risk === row.riskLevelDuringSignIn) ?? null,
    errorCode: row.status.errorCode,
    conditionalAccess: status(row.conditionalAccessStatus),
    policies: (row.appliedConditionalAccessPolicies ?? []).map(({ id, result }) => ({
      policyId: id,
      outcome: OUTCOMES.get(result) ?? "other",
    })),
  };
}

const RISKS = ["none", "low", "medium", "high"] as const;
/** The one kind of join that the control "hybrid joined device" takes. @see …/graph/api/resources/devicedetail */
const HYBRID_JOINED = "Hybrid Azure AD joined";

/** The log writes systems with their version: `Windows 11`, `Ios 18.1`, `MacOs`. */
const PLATFORMS: readonly (readonly [RegExp, Platform])[] = [
  [/^windows phone/i, "windowsPhone"],
  [/^windows/i, "windows"],
  [/^(ios|ipados|iphone)/i, "iOS"],
  [/^mac ?os/i, "macOS"],
  [/^android/i, "android"],
  [/^linux/i, "linux"],
];
const platform = (system: string): Platform | null => PLATFORMS.find(([form]) => form.test(system.trim()))?.[1] ?? null;

function status(text: string | null | undefined): SignIn["conditionalAccess"] {
  return text === "success" || text === "failure" || text === "notApplied" ? text : "unknown";
}
