import type { AccessPassPort } from "./access-passes.ts";
import type { ConditionalAccessPort } from "./conditional-access.ts";
import type { DashboardPort } from "./dashboard.ts";
import type { DirectoryPort } from "./directory.ts";
import type { HelpdeskChannelPort } from "./helpdesk-channel.ts";
import type { HrPort } from "./hr.ts";
import type { LegacyMfaPort } from "./legacy-mfa.ts";
import type { MailerPort } from "./mailer.ts";
import type { ServiceDeskPort } from "./service-desk.ts";
import type { SignInLogPort } from "./sign-in-log.ts";
import type { TenantSurveyPort } from "./tenant-survey.ts";

/** Everything a customer's systems do for us, by capability. A tool sees only the ones it names. */
export interface Vendors {
  readonly hr: HrPort;
  readonly directory: DirectoryPort;
  readonly conditionalAccess: ConditionalAccessPort;
  readonly legacyMfa: LegacyMfaPort;
  readonly signInLog: SignInLogPort;
  readonly tenantSurvey: TenantSurveyPort;
  readonly accessPasses: AccessPassPort;
  readonly mailer: MailerPort;
  readonly helpdeskChannel: HelpdeskChannelPort;
  readonly serviceDesk: ServiceDeskPort;
  readonly dashboard: DashboardPort;
}
