import { z } from "zod";
import { entraObjectId, userPrincipalName } from "../../domain/model/ids.ts";
import type { PolicyOutcome, SignIn } from "../../domain/model/signin.ts";
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
    appId: row.appId ?? "",
    appName: row.appDisplayName ?? "",
    clientApp: row.clientAppUsed ?? "",
    protocol: row.authenticationProtocol ?? null,
    interactive: log.interactive,
    ipAddress: row.ipAddress ?? null,
    errorCode: row.status.errorCode,
    conditionalAccess: status(row.conditionalAccessStatus),
    policies: (row.appliedConditionalAccessPolicies ?? []).map(({ id, result }) => ({
      policyId: id,
      outcome: OUTCOMES.get(result) ?? "other",
    })),
  };
}

function status(text: string | null | undefined): SignIn["conditionalAccess"] {
  return text === "success" || text === "failure" || text === "notApplied" ? text : "unknown";
}
