import { z } from "zod";
import { entraObjectId, smtpAddress, userPrincipalName } from "../../domain/model/ids.ts";
import type { Account } from "../../domain/model/people.ts";
import { instant } from "../../domain/model/time.ts";

/** What `/users` gives beyond its small default set only when it is named. */
export const ACCOUNT_SELECT = [
  "id",
  "userPrincipalName",
  "displayName",
  "givenName",
  "mail",
  "proxyAddresses",
  "employeeId",
  "department",
  "jobTitle",
  "accountEnabled",
  "userType",
  "onPremisesSyncEnabled",
  "assignedLicenses",
  "createdDateTime",
].join(",");

/**
 * One user object of Graph. Every property was selected, so Graph sends it, `null` where it has no value; one that is
 * absent is a fault of the answer and never "no".
 */
export const GraphUser = z
  .object({
    id: z.string().min(1),
    userPrincipalName: z.string().min(1),
    displayName: z.string().nullable(),
    givenName: z.string().nullable(),
    mail: z.string().nullable(),
    proxyAddresses: z.array(z.string()),
    employeeId: z.string().nullable(),
    department: z.string().nullable(),
    jobTitle: z.string().nullable(),
    accountEnabled: z.boolean(),
    /** `null` for accounts synchronised before Entra had the property; they are members. */
    userType: z.string().nullable(),
    onPremisesSyncEnabled: z.boolean().nullable(),
    assignedLicenses: z.array(z.unknown()),
    createdDateTime: z.iso.datetime({ offset: true }).nullable(),
    /** An expansion is left out, rather than `null`, where there is no manager. */
    manager: z.object({ id: z.string().min(1) }).nullish(),
  })
  .transform(
    (user): Account => ({
      objectId: entraObjectId(user.id),
      upn: userPrincipalName(user.userPrincipalName),
      displayName: user.displayName ?? user.userPrincipalName,
      givenName: user.givenName,
      mail: user.mail === null ? null : smtpAddress(user.mail),
      proxyAddresses: [...new Set(user.proxyAddresses.flatMap(smtpIn))],
      employeeId: user.employeeId,
      department: user.department,
      jobTitle: user.jobTitle,
      enabled: user.accountEnabled,
      kind: user.userType?.toLowerCase() === "guest" ? "guest" : "member",
      onPremisesSynced: user.onPremisesSyncEnabled === true,
      licensed: user.assignedLicenses.length > 0,
      managerId: user.manager ? entraObjectId(user.manager.id) : null,
      createdAt: user.createdDateTime === null ? null : instant(user.createdDateTime),
    }),
  );

/** `SMTP:` marks the primary address, `smtp:` the others; `x500:`, `SIP:` and the rest are no addresses for mail. */
const smtpIn = (proxy: string) => (/^smtp:/i.test(proxy) ? [smtpAddress(proxy.slice("smtp:".length))] : []);
