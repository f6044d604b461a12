/**
 * What an administrator has consented to: the application permissions that this job needs and no more.
 *
 * @see learn.microsoft.com/graph/permissions-reference
 */
export const LEAST_PRIVILEGE: readonly string[] = [
  "User.Read.All",
  "AuditLog.Read.All",
  "Policy.Read.All",
  "Policy.ReadWrite.ConditionalAccess",
  "Application.Read.All",
  "GroupMember.ReadWrite.All",
  "Group.Create",
  "GroupMember.Read.All",
  "LicenseAssignment.Read.All",
  "RoleManagement.Read.Directory",
  "MailboxSettings.Read",
  "Channel.ReadBasic.All",
  "Channel.Create",
  "TeamsTab.Create",
  "TeamsTab.Read.All",
  "UserAuthMethod-TAP.ReadWrite.All",
];

/** What it takes beside, where the job also replaces security defaults and per-user MFA. */
export const LEGACY_MFA: readonly string[] = [
  "Policy.ReadWrite.SecurityDefaults",
  "Policy.ReadWrite.AuthenticationMethod",
];

/** Any one of these lets an app see which policies applied to a sign-in. */
export const POLICY_READERS: readonly string[] = [
  "Policy.Read.All",
  "Policy.Read.ConditionalAccess",
  "Policy.ReadWrite.ConditionalAccess",
];

/** Roles that an Exchange administrator gave the app for the one mailbox from which users hear of the rollout. */
export const EXCHANGE_ROLES: readonly string[] = ["Application Mail.ReadWrite", "Application Mail.Send"];
