import type { Vendors } from "../../src/ports/vendors.ts";
import { catalog } from "../../src/server/catalog.ts";
import { code, markdownTable, page } from "./markdown-table.ts";
import { permissionUses } from "./permission-calls.ts";

interface Connected {
  readonly vendor: string;
  readonly entry: string;
  /** Who the connector signs in as. */
  readonly as: string;
}

const GRAPH = "the app registration, application permissions of Microsoft Graph";

/** What stands behind each capability. */
const CONNECTED: Readonly<Record<keyof Vendors, Connected>> = {
  hr: { vendor: "BambooHR", entry: "src/connectors/bamboohr/bamboohr.ts", as: "the owner of the API key" },
  directory: { vendor: "Entra ID", entry: "src/connectors/entra/entra-directory.ts", as: GRAPH },
  conditionalAccess: { vendor: "Entra ID", entry: "src/connectors/entra/entra-conditional-access.ts", as: GRAPH },
  signInLog: { vendor: "Entra ID", entry: "src/connectors/entra/entra-sign-in-log.ts", as: GRAPH },
  mailer: {
    vendor: "Gmail",
    entry: "src/connectors/gmail/gmail-mailer.ts",
    as: "the sender's mailbox, by domain-wide delegation to a service account",
  },
  helpdeskChannel: {
    vendor: "Teams",
    entry: "src/connectors/teams/teams-channel.ts",
    as: `${GRAPH}; \`ChannelMessage.Send\` is delegated, because no application permission posts to a channel`,
  },
  serviceDesk: {
    vendor: "ConnectWise PSA",
    entry: "src/connectors/connectwise/connectwise-service-desk.ts",
    as: "an API member with a security role of its own",
  },
  dashboard: {
    vendor: "Power BI",
    entry: "src/connectors/power-bi/power-bi-dashboard.ts",
    as: "the app registration, as a member of the workspace",
  },
};

const capabilities = Object.keys(CONNECTED) as (keyof Vendors)[]; // a record has no other keys than its type's

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
    ...capabilities.map(section),
    "## Which tool uses which capability",
    markdownTable(["tool", "class", "capabilities"], tools),
  );
}

function section(capability: keyof Vendors): string {
  const { vendor, entry, as } = CONNECTED[capability];
  const rows = permissionUses(entry).map(({ permission, calls }) => [permission, calls.map(code).join(", ")]);
  return [`## ${capability}: ${vendor}`, `Signs in as ${as}.`, markdownTable(["permission", "used in"], rows)].join(
    "\n\n",
  );
}
