/** A permission of Microsoft Graph, and broader ones that Microsoft documents in its place where the job needs it. */
type Needed = Readonly<Record<string, readonly string[]>>;

/**
 * The application permissions that the app needs in a customer's tenant, as `docs/reference/permissions.md` lists them.
 *
 * @see https://learn.microsoft.com/graph/permissions-reference
 */
export const APP_PERMISSIONS: Needed = {
  "User.Read.All": [],
  "AuditLog.Read.All": [],
  "RoleManagement.Read.Directory": [],
  "Policy.Read.All": [],
  "LicenseAssignment.Read.All": ["Organization.Read.All"],
  "GroupMember.Read.All": ["Group.Read.All", "Group.ReadWrite.All"],
  "Group.Create": ["Group.ReadWrite.All"],
  "GroupMember.ReadWrite.All": ["Group.ReadWrite.All"],
  "MailboxSettings.Read": [],
  "Policy.ReadWrite.ConditionalAccess": [],
  "Application.Read.All": [],
  "Policy.Read.ConditionalAccess": ["Policy.Read.All"],
  "Channel.ReadBasic.All": ["ChannelSettings.Read.All", "Group.Read.All"],
  "Channel.Create": [],
  "TeamsTab.Read.All": [],
  "TeamsTab.Create": [],
};

/** What it needs beside them where the rollout replaces security defaults and per-user MFA, and only there. */
export const LEGACY_MFA_PERMISSIONS: Needed = {
  "Policy.ReadWrite.SecurityDefaults": [],
  "Policy.ReadWrite.AuthenticationMethod": [],
};

/**
 * Consented to only where Temporary Access Passes are wanted, because it opens every account of the tenant: neither
 * missed nor superfluous.
 */
export const OPTIONAL_PERMISSIONS: readonly string[] = ["UserAuthMethod-TAP.ReadWrite.All"];

/** What of the job the granted permissions leave undone, and what they allow beyond it; both in alphabetical order. */
export function comparePermissions(
  granted: readonly string[],
  replacesLegacyMfa = false,
): {
  readonly missing: readonly string[];
  readonly superfluous: readonly string[];
} {
  const held = new Set(granted).difference(new Set(OPTIONAL_PERMISSIONS));
  const needed: Needed = { ...APP_PERMISSIONS, ...(replacesLegacyMfa && LEGACY_MFA_PERMISSIONS) };
  const used = Object.entries(needed).map(([needed, broader]) =>
    held.has(needed) ? [needed] : broader.filter((one) => held.has(one)),
  );
  return {
    missing: Object.keys(needed)
      .filter((_, index) => used[index]?.length === 0)
      .toSorted(),
    superfluous: [...held.difference(new Set(used.flat()))].toSorted(),
  };
}
