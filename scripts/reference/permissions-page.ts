import type { Vendors } from "../../src/ports/vendors.ts";
import { catalog } from "../../src/server/catalog.ts";
import { code, markdownTable, page } from "./markdown-table.ts";
import { permissionUses } from "./permission-calls.ts";

interface Connected {
  /** How a customer's file names it; `null` for what every customer has. */
  readonly kind: string | null;
  readonly vendor: string;
  readonly entry: string;
  /** Who the connector signs in as. */
  readonly as: string;
  /** How the rights are given, where a table of them does not say it. */
  readonly how?: string;
}

const GRAPH = "the app registration, application permissions of Microsoft Graph";

/** @see https://learn.microsoft.com/graph/permissions-reference */
const LEGACY_RIGHTS =
  "The two that write are granted only where the customer's file says `replace_legacy_mfa`; elsewhere `doctor` calls them superfluous.";
const PASS_RIGHT =
  "Consent to `UserAuthMethod-TAP.ReadWrite.All` only where passes are wanted: it opens every account of the tenant. Without " +
  "it everything else works, and `issue_access_pass` says what is missing.";

/** @see https://learn.microsoft.com/exchange/permissions-exo/application-rbac */
const OUTLOOK_ROLES = `Both roles are given in Exchange Online, for one mailbox, and not in Entra ID: consent there to \`Mail.ReadWrite\` or
\`Mail.Send\` adds to them and opens every mailbox, so remove it if it was ever given. The mailbox may be a shared one;
best one that nobody else drafts in. It sends 30 messages a minute and reaches 10,000 recipients a day.

\`\`\`powershell
New-ServicePrincipal -AppId <client id> -ObjectId <object id of the enterprise application> -DisplayName "mfa-rollout"
New-ManagementScope -Name "mfa-rollout sender" -RecipientRestrictionFilter "PrimarySmtpAddress -eq 'it-support@example.com'"
New-ManagementRoleAssignment -App <object id> -Role "Application Mail.ReadWrite" -CustomResourceScope "mfa-rollout sender"
New-ManagementRoleAssignment -App <object id> -Role "Application Mail.Send" -CustomResourceScope "mfa-rollout sender"
Test-ServicePrincipalAuthorization -Identity <object id> -Resource it-support@example.com
\`\`\`

A change takes up to two hours; the last command shows the roles at once.`;

/** What stands behind each capability, by whom the customer's file says. */
const CONNECTED: Readonly<Record<keyof Vendors, readonly Connected[]>> = {
  hr: [
    {
      kind: "bamboohr",
      vendor: "BambooHR",
      entry: "src/connectors/bamboohr/bamboohr.ts",
      as: "the owner of the API key",
    },
    {
      kind: "workday",
      vendor: "Workday",
      entry: "src/connectors/workday/workday-hr.ts",
      as: "an integration system user (ISU), with a password or through an API client",
    },
  ],
  directory: [{ kind: null, vendor: "Entra ID", entry: "src/connectors/entra/entra-directory.ts", as: GRAPH }],
  conditionalAccess: [
    { kind: null, vendor: "Entra ID", entry: "src/connectors/entra/entra-conditional-access.ts", as: GRAPH },
  ],
  legacyMfa: [
    {
      kind: null,
      vendor: "Entra ID",
      entry: "src/connectors/entra/entra-legacy-mfa.ts",
      as: GRAPH,
      how: LEGACY_RIGHTS,
    },
  ],
  signInLog: [{ kind: null, vendor: "Entra ID", entry: "src/connectors/entra/entra-sign-in-log.ts", as: GRAPH }],
  tenantSurvey: [{ kind: null, vendor: "Entra ID", entry: "src/connectors/entra/entra-tenant-survey.ts", as: GRAPH }],
  accessPasses: [
    {
      kind: null,
      vendor: "Entra ID",
      entry: "src/connectors/entra/entra-access-passes.ts",
      as: GRAPH,
      how: PASS_RIGHT,
    },
  ],
  mailer: [
    {
      kind: "gmail",
      vendor: "Gmail",
      entry: "src/connectors/gmail/gmail-mailer.ts",
      as: "the sender's mailbox, by domain-wide delegation to a service account",
    },
    {
      kind: "outlook",
      vendor: "Outlook",
      entry: "src/connectors/outlook/outlook-mailer.ts",
      as: "the app registration",
      how: OUTLOOK_ROLES,
    },
  ],
  helpdeskChannel: [
    {
      kind: "teams",
      vendor: "Teams",
      entry: "src/connectors/teams/teams-channel.ts",
      as: `${GRAPH}; \`ChannelMessage.Send\` is delegated, because no application permission posts to a channel`,
    },
  ],
  serviceDesk: [
    {
      kind: "connectwise",
      vendor: "ConnectWise PSA",
      entry: "src/connectors/connectwise/connectwise-service-desk.ts",
      as: "an API member with a security role of its own",
    },
  ],
  dashboard: [
    {
      kind: "power-bi",
      vendor: "Power BI",
      entry: "src/connectors/power-bi/power-bi-dashboard.ts",
      as: "the app registration, as a member of the workspace",
    },
    {
      kind: "file",
      vendor: "files in a folder",
      entry: "src/connectors/power-bi/folder-dashboard.ts",
      as: "the account that the server runs as",
    },
    {
      kind: "looker",
      vendor: "Looker over BigQuery",
      entry: "src/connectors/looker/looker-dashboard.ts",
      as: "a Google service account in BigQuery, and with the API key of a Looker user in Looker, where there is one",
    },
  ],
};

const capabilities = Object.keys(CONNECTED) as (keyof Vendors)[]; // a record has no other keys than its type's

/** `src/cli/init/permissions.json`: the same for `mfa-rollout init`, which tells a technician what to have granted. */
export function permissionsTable(): string {
  const table = capabilities.flatMap((capability) =>
    CONNECTED[capability].map(({ kind, vendor, entry, as, how = null }) => {
      return { kind, vendor, as, permissions: permissionUses(entry).map(({ permission }) => permission), how };
    }),
  );
  return `${JSON.stringify(table, null, 2)}\n`;
}

/** `docs/reference/permissions.md`. */
export function permissionsPage(): string {
  const tools = catalog.map(({ name, approval, connectors }) => [
    code(name),
    approval,
    connectors.join(", ") || "none",
  ]);
  return page(
    "Permissions",
    "The least that each capability needs, as the code names it when a vendor answers 403. Grant no more.",
    ...capabilities.flatMap(sections),
    "## Which tool uses which capability",
    markdownTable(["tool", "class", "capabilities"], tools),
  );
}

function sections(capability: keyof Vendors): readonly string[] {
  return CONNECTED[capability].map(({ vendor, entry, as, how }) => {
    const rows = permissionUses(entry).map(({ permission, calls }) => [permission, calls.map(code).join(", ")]);
    const table = markdownTable(["permission", "used in"], rows);
    return [`## ${capability}: ${vendor}`, `Signs in as ${as}.`, table, ...(how === undefined ? [] : [how])].join(
      "\n\n",
    );
  });
}
