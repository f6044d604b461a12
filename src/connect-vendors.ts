import { join } from "node:path";
import type { CustomerFile } from "./config/customer-schema.ts";
import type { Settings } from "./config/environment.ts";
import { readWorkloadToken, resolveSecret } from "./config/secret.ts";
import type { GraphClient } from "./connectors/graph/graph-client.ts";
import type { EntraTokensOptions, TokenSource } from "./connectors/graph/graph-credentials.ts";
import type { WorkdaySignIn } from "./connectors/workday/sign-in.ts";
import { keptSignIn } from "./kept-sign-in.ts";
import type { Checked } from "./ports/check.ts";
import type { DashboardPort } from "./ports/dashboard.ts";
import type { HrPort } from "./ports/hr.ts";
import type { MailerPort } from "./ports/mailer.ts";
import type { Vendors } from "./ports/vendors.ts";

/** A customer's systems, and what all connections stand on, which no tool uses by itself. */
interface Systems extends Vendors {
  readonly clock: Checked;
  readonly tenant: Checked;
}
type Connect = { readonly [Name in keyof Systems]: () => Promise<Systems[Name]> };

/** Fetches the secret that a setting refers to; `where` is the setting's name. */
type Reveal = (reference: string, where: string) => Promise<string>;

/** The longest wait for one answer, where an operator has set it; Graph's bulk reads and Workday's reports get a multiple. */
type Limit = { readonly timeoutMs?: number };
interface Ways {
  readonly reveal: Reveal;
  readonly limit: Limit;
}

/**
 * How each capability of a customer is connected: by whom the customer's file says. A connector's code is loaded, and
 * its secrets are read, on first use.
 */
export function connectVendors(
  { slug, file }: { readonly slug: string; readonly file: CustomerFile },
  { environment, answerMs, home }: Pick<Settings, "environment" | "answerMs" | "home">,
): Connect {
  const reveal: Reveal = async (reference, where) => (await resolveSecret(reference, where, environment)).reveal();
  const limit: Limit = answerMs === null ? {} : { timeoutMs: answerMs };
  const means = { ...connectMicrosoft(file, { home, reveal, limit }), reveal, limit };
  return {
    ...withinTenant(file, means),
    helpdeskChannel: once(() => connectHelpdesk({ home, slug, file }, means)),
    ...groundOf(file, means),
    hr: once(() => connectHr(file.hr, means)),
    mailer: once(() => connectMailer(file.mail, means)),
    serviceDesk: once(() => connectServiceDesk(file.service_desk, means)),
    dashboard: once(() => connectDashboard(file, means)),
  };
}

/** One Graph client serves a tenant, because rates are kept per tenant. */
interface Microsoft {
  readonly tokens: () => Promise<TokenSource>;
  readonly graph: () => Promise<GraphClient>;
}
type Means = Microsoft & Ways;

function connectMicrosoft(
  { tenant }: CustomerFile,
  { home, reveal, limit }: Ways & { readonly home: string },
): Microsoft {
  const tokens = once(async () => {
    const { EntraTokens } = await import("./connectors/graph/graph-credentials.ts");
    const { id, cloud, client_id } = tenant;
    const credential = await credentialOf(tenant, reveal);
    return new EntraTokens({ cloud, tenantId: id, clientId: client_id, credential, ...limit });
  });
  const graph = once(async () => {
    const { GraphClient } = await import("./connectors/graph/graph-client.ts");
    const { TurnstileFile } = await import("./ledger/turnstile-file.ts");
    const turnstile = new TurnstileFile(join(home, "turns", tenant.id));
    return new GraphClient({ cloud: tenant.cloud, tokens: await tokens(), turnstile, ...limit });
  });
  return { tokens, graph };
}

/** @throws {ConfigurationError} what the setting points to is not there. */
async function credentialOf(
  { client_secret, certificate, workload_token_file: tokenFile = "" }: CustomerFile["tenant"],
  reveal: Reveal,
): Promise<EntraTokensOptions["credential"]> {
  if (client_secret !== undefined) {
    return { kind: "secret", clientSecret: await reveal(client_secret, "tenant.client_secret") };
  }
  if (certificate !== undefined) return { kind: "certificate", pem: await reveal(certificate, "tenant.certificate") };
  return { kind: "workload", readToken: () => readWorkloadToken(tokenFile) };
}

function groundOf(
  { tenant, msp, replace_legacy_mfa }: CustomerFile,
  { tokens, graph, reveal, limit }: Means,
): Pick<Connect, "clock" | "tenant"> {
  const { id, cloud, client_id } = tenant;
  return {
    clock: once(async () => {
      const { ClockCheck } = await import("./connectors/graph/clock-check.ts");
      return new ClockCheck({ cloud, ...limit });
    }),
    tenant: once(async () => {
      const { EntraTenantChecks } = await import("./connectors/entra/tenant-checks.ts");
      const credential = await credentialOf(tenant, reveal);
      return new EntraTenantChecks({
        graph: await graph(),
        tokens: await tokens(),
        tenant: id,
        clientId: client_id,
        credential:
          credential.kind === "secret" ? { kind: "secret", hint: credential.clientSecret.slice(0, 3) } : credential,
        replacesLegacyMfa: replace_legacy_mfa,
        msp: { tenantId: msp.tenant_id, gdap: msp.gdap ?? null },
      });
    }),
  };
}

type TenantCapability = "directory" | "conditionalAccess" | "legacyMfa" | "signInLog" | "tenantSurvey" | "accessPasses";

function withinTenant(file: CustomerFile, { graph }: Means): Pick<Connect, TenantCapability> {
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
    legacyMfa: once(async () => {
      const { EntraLegacyMfa } = await import("./connectors/entra/entra-legacy-mfa.ts");
      return new EntraLegacyMfa({ graph: await graph(), tenant });
    }),
    signInLog: once(async () => {
      const { EntraSignInLog } = await import("./connectors/entra/entra-sign-in-log.ts");
      return new EntraSignInLog({ graph: await graph(), tenant });
    }),
    tenantSurvey: once(async () => {
      const { EntraTenantSurvey } = await import("./connectors/entra/entra-tenant-survey.ts");
      return new EntraTenantSurvey({ graph: await graph(), tenant, clientId: file.tenant.client_id });
    }),
    accessPasses: once(async () => {
      const { EntraAccessPasses } = await import("./connectors/entra/entra-access-passes.ts");
      return new EntraAccessPasses({ graph: await graph(), tenant });
    }),
  };
}

async function connectHelpdesk(
  { home, slug, file }: { readonly home: string; readonly slug: string; readonly file: CustomerFile },
  { graph, reveal, limit }: Means,
): Promise<Vendors["helpdeskChannel"]> {
  const { TeamsChannel } = await import("./connectors/teams/teams-channel.ts");
  const { tenant, helpdesk } = file;
  const { posting } = helpdesk;
  return new TeamsChannel({
    cloud: tenant.cloud,
    graph: await graph(),
    teamId: helpdesk.team_id,
    channel: helpdesk.channel,
    ...limit,
    posting:
      posting.kind === "workflow"
        ? { kind: "workflow", url: await reveal(posting.url, "helpdesk.posting.url") }
        : {
            kind: "delegated",
            tenantId: tenant.id,
            clientId: posting.client_id,
            refreshTokens: await keptSignIn({ home, slug, posting }, reveal),
          },
  });
}

async function connectHr(hr: CustomerFile["hr"], { reveal, limit }: Ways): Promise<HrPort> {
  if (hr.kind === "workday") {
    const { WorkdayHr } = await import("./connectors/workday/workday-hr.ts");
    const { host, tenant, workers, absences, leave_min_days: leaveMinDays } = hr;
    const signIn = await signInOf(hr.sign_in, reveal);
    return new WorkdayHr({ host, tenant, signIn, workers, absences, leaveMinDays, ...limit });
  }
  const { BambooHr } = await import("./connectors/bamboohr/bamboohr.ts");
  const { company, api_key, leave_words, leave_min_days } = hr;
  const apiKey = await reveal(api_key, "hr.api_key");
  return new BambooHr({
    company,
    apiKey,
    leaveMinDays: leave_min_days,
    ...limit,
    ...(leave_words && { leaveWords: leave_words }),
  });
}

type WorkdayFile = Extract<CustomerFile["hr"], { readonly kind: "workday" }>;

async function signInOf(signIn: WorkdayFile["sign_in"], reveal: Reveal): Promise<WorkdaySignIn> {
  if (signIn.kind === "basic") {
    const { kind, user, password } = signIn;
    return { kind, user, password: await reveal(password, "hr.sign_in.password") };
  }
  const clientSecret = await reveal(signIn.client_secret, "hr.sign_in.client_secret");
  const client = { clientId: signIn.client_id, clientSecret };
  if (signIn.kind === "client_credentials") return { kind: signIn.kind, ...client };
  const refreshToken = await reveal(signIn.refresh_token, "hr.sign_in.refresh_token");
  return { kind: signIn.kind, ...client, refreshToken };
}

async function connectMailer(mail: CustomerFile["mail"], { graph, reveal, limit }: Means): Promise<MailerPort> {
  const { sender, daily_limit } = mail;
  const quota = daily_limit === undefined ? {} : { dailyLimit: daily_limit };
  if (mail.kind === "outlook") {
    const { OutlookMailer } = await import("./connectors/outlook/outlook-mailer.ts");
    return new OutlookMailer({ graph: await graph(), sender, ...quota });
  }
  const { GmailMailer } = await import("./connectors/gmail/gmail-mailer.ts");
  return new GmailMailer({
    clientEmail: mail.client_email,
    privateKeyPem: await reveal(mail.private_key, "mail.private_key"),
    sender: sender.address,
    senderName: sender.name,
    ...quota,
    ...limit,
  });
}

async function connectServiceDesk(
  desk: CustomerFile["service_desk"],
  { reveal, limit }: Ways,
): Promise<Vendors["serviceDesk"]> {
  const { ConnectWiseServiceDesk } = await import("./connectors/connectwise/connectwise-service-desk.ts");
  return new ConnectWiseServiceDesk({
    site: desk.site,
    companyId: desk.company_id,
    publicKey: await reveal(desk.public_key, "service_desk.public_key"),
    privateKey: await reveal(desk.private_key, "service_desk.private_key"),
    clientId: desk.client_id,
    ...limit,
    customer: desk.customer,
    serviceBoard: desk.service_board,
    projectBoard: desk.project_board,
    ...(desk.technician !== undefined && { technician: desk.technician }),
  });
}

async function connectDashboard(
  { dashboard, tenant }: CustomerFile,
  { tokens, reveal, limit }: Means,
): Promise<DashboardPort> {
  if (dashboard.kind === "power-bi") {
    const { PowerBiDashboard } = await import("./connectors/power-bi/power-bi-dashboard.ts");
    return new PowerBiDashboard({
      cloud: tenant.cloud,
      workspaceId: dashboard.workspace_id,
      tokens: await tokens(),
      ...limit,
    });
  }
  if (dashboard.kind === "file") {
    const { FolderDashboard } = await import("./connectors/power-bi/folder-dashboard.ts");
    return new FolderDashboard(dashboard.folder, limit);
  }
  const { LookerDashboard } = await import("./connectors/looker/looker-dashboard.ts");
  const { project_id, dataset, location, client_email, private_key, looker = null } = dashboard;
  const privateKeyPem = await reveal(private_key, "dashboard.private_key");
  return new LookerDashboard({
    bigquery: {
      projectId: project_id,
      dataset,
      location,
      serviceAccount: { clientEmail: client_email, privateKeyPem },
      ...limit,
    },
    looker: looker && {
      host: looker.host,
      clientId: looker.client_id,
      clientSecret: await reveal(looker.client_secret, "dashboard.looker.client_secret"),
      model: looker.model,
      ...limit,
    },
  });
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
