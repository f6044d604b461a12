import { catalog } from "../../src/server/catalog.ts";

/** Loads what a server of the sandbox's customer loads on first use. */
export async function warm(): Promise<void> {
  await Promise.all([
    import("../../src/server/stdio.ts"),
    import("../../src/config/customer-file.ts"),
    import("../../src/config/procedure.ts"),
    import("../../src/ledger/file-rollout.ts"),
    import("../../src/ledger/rollout-lock.ts"),
    import("../../src/connectors/graph/graph-client.ts"),
    import("../../src/connectors/graph/graph-credentials.ts"),
    import("../../src/connectors/entra/entra-directory.ts"),
    import("../../src/connectors/entra/entra-conditional-access.ts"),
    import("../../src/connectors/entra/entra-sign-in-log.ts"),
    import("../../src/connectors/entra/entra-tenant-survey.ts"),
    import("../../src/connectors/teams/teams-channel.ts"),
    import("../../src/connectors/bamboohr/bamboohr.ts"),
    import("../../src/connectors/gmail/gmail-mailer.ts"),
    import("../../src/connectors/connectwise/connectwise-service-desk.ts"),
    import("../../src/connectors/power-bi/power-bi-dashboard.ts"),
    import("../../src/documents/mail-text.ts"),
    import("../../src/config/procedure-yaml.ts"),
    import("../../src/documents/report-pdf.ts"),
  ]);
  for (const tool of catalog) tool.leanInput;
}
