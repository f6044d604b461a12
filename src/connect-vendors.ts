import type { CustomerFile } from "./config/customer-schema.ts";
import { resolveSecret } from "./config/secret.ts";
import type { Vendors } from "./ports/vendors.ts";

type Connect = { readonly [Name in keyof Vendors]: () => Promise<Vendors[Name]> };
type MicrosoftCapability = "directory" | "conditionalAccess" | "signInLog" | "helpdeskChannel" | "dashboard";

/** Fetches the secret that a setting refers to; `where` is the setting's name. */
type Reveal = (reference: string, where: string) => Promise<string>;

/**
 * How each capability of a customer is connected: by whom the customer's file says. A connector's code is loaded, and
 * its secrets are read, on first use.
 */
export function connectVendors(file: CustomerFile, environment: NodeJS.ProcessEnv): Connect {
  const reveal: Reveal = async (reference, where) => (await resolveSecret(reference, where, environment)).reveal();
  return { ...withinMicrosoft(file, reveal), ...elsewhere(file, reveal) };
}

/** One Graph client serves a tenant, because rates are kept per tenant. */
function withinMicrosoft(file: CustomerFile, reveal: Reveal): Pick<Connect, MicrosoftCapability> {
  const tokens = once(async () => {
    const { EntraTokens } = await import("./connectors/graph/graph-credentials.ts");
    const { id, cloud, client_id, client_secret } = file.tenant;
    const clientSecret = await reveal(client_secret, "tenant.client_secret");
    return new EntraTokens({ cloud, tenantId: id, clientId: client_id, credential: { kind: "secret", clientSecret } });
  });
  const graph = once(async () => {
    const { GraphClient } = await import("./connectors/graph/graph-client.ts");
    return new GraphClient({ cloud: file.tenant.cloud, tokens: await tokens() });
  });
  const tenant = file.tenant.id;

  return {
    directory: once(async () => {
      const { EntraDirectory } = await import("./connectors/entra/entra-directory.ts");
      return new EntraDirectory({ graph: await graph(), tenant });
    }),
    conditionalAccess: once(async () => {
      const { EntraConditionalAccess } = await import("./connectors/entra/entra-conditional-access.ts");
      return new EntraConditionalAccess({ graph: await graph(), tenant });
    }),
    signInLog: once(async () => {
      const { EntraSignInLog } = await import("./connectors/entra/entra-sign-in-log.ts");
      return new EntraSignInLog({ graph: await graph(), tenant });
    }),
    helpdeskChannel: once(async () => {
      const { TeamsChannel } = await import("./connectors/teams/teams-channel.ts");
      const { team_id, posting } = file.helpdesk;
      return new TeamsChannel({
        cloud: file.tenant.cloud,
        graph: await graph(),
        teamId: team_id,
        posting:
          posting.kind === "workflow"
            ? { kind: "workflow", url: await reveal(posting.url, "helpdesk.posting.url") }
            : {
                kind: "delegated",
                tenantId: tenant,
                clientId: posting.client_id,
                refreshToken: await reveal(posting.refresh_token, "helpdesk.posting.refresh_token"),
              },
      });
    }),
    dashboard: once(async () => {
      const { PowerBiDashboard } = await import("./connectors/power-bi/power-bi-dashboard.ts");
      return new PowerBiDashboard({
        cloud: file.tenant.cloud,
        workspaceId: file.dashboard.workspace_id,
        tokens: await tokens(),
      });
    }),
  };
}

function elsewhere(file: CustomerFile, reveal: Reveal): Omit<Connect, MicrosoftCapability> {
  return {
    hr: once(async () => {
      const { BambooHr } = await import("./connectors/bamboohr/bamboohr.ts");
      const { company, api_key, leave_words, leave_min_days } = file.hr;
      const apiKey = await reveal(api_key, "hr.api_key");
      return new BambooHr({
        company,
        apiKey,
        leaveMinDays: leave_min_days,
        ...(leave_words && { leaveWords: leave_words }),
      });
    }),
    mailer: once(async () => {
      const { GmailMailer } = await import("./connectors/gmail/gmail-mailer.ts");
      const { sender, client_email, private_key } = file.mail;
      const privateKeyPem = await reveal(private_key, "mail.private_key");
      return new GmailMailer({
        clientEmail: client_email,
        privateKeyPem,
        sender: sender.address,
        senderName: sender.name,
      });
    }),
    serviceDesk: once(async () => {
      const { ConnectWiseServiceDesk } = await import("./connectors/connectwise/connectwise-service-desk.ts");
      const desk = file.service_desk;
      return new ConnectWiseServiceDesk({
        site: desk.site,
        companyId: desk.company_id,
        publicKey: await reveal(desk.public_key, "service_desk.public_key"),
        privateKey: await reveal(desk.private_key, "service_desk.private_key"),
        clientId: desk.client_id,
        customer: desk.customer,
        serviceBoard: desk.service_board,
        projectBoard: desk.project_board,
      });
    }),
  };
}

/** Makes a thing when it is first wanted; a failure is not kept, so that a mended secret works at the next call. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}
