import type { SmtpAddress, UserPrincipalName } from "./ids.ts";

/** What the domain knows of a customer, from its configuration file. No secrets. */
export interface Customer {
  readonly slug: string;
  readonly name: string;
  readonly timeZone: string;
  /** The rollout itself replaces security defaults and ends per-user MFA; else a person does, by hand. */
  readonly replacesLegacyMfa?: boolean;
  readonly tenantId: string;
  readonly mspTenantId: string;
  readonly mspName: string;
  /** At least two are needed before anything is enforced. */
  readonly emergencyAccess: readonly UserPrincipalName[];
  readonly escalation: { readonly name: string; readonly address: SmtpAddress };
  /** Who signs the exceptions for the customer. */
  readonly signoffContact: { readonly name: string; readonly address: SmtpAddress };
  readonly guideUrl: string;
  readonly faqUrl: string;
  readonly sender: { readonly name: string; readonly address: SmtpAddress };
  readonly helpdeskChannel: string;
  /** Named in mails and the report; the report keys answers by access path, never by an insurer's numbering. */
  readonly insurer: { readonly name: string; readonly form: string | null };
}
