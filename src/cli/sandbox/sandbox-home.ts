import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { SandboxReady } from "./sandbox-process.ts";

/** The approver who signs in the sandbox. */
export const SANDBOX_APPROVER = "dana";

/**
 * Writes a data directory for the sandbox's company, as a technician would for a real customer: one customer file,
 * its secrets in private files, and the approver's public key.
 */
export async function writeSandboxHome(home: string, ready: SandboxReady, publicKey: string): Promise<void> {
  const { secrets } = ready;
  await mkdir(join(home, "customers"), { recursive: true, mode: 0o700 });
  await mkdir(join(home, "secrets"), { recursive: true, mode: 0o700 });
  const secret: Keep = async (name, value) => {
    const file = join(home, "secrets", name);
    await writeFile(file, value, { mode: 0o600 });
    return `file:${file}`;
  };

  const customer = {
    name: "Larkfield Foods",
    time_zone: ready.timeZone,
    tenant: {
      id: ready.tenantId,
      client_id: secrets.entra.clientId,
      client_secret: await secret("entra-client-secret", secrets.entra.clientSecret),
    },
    msp: { name: "Brightpath IT", tenant_id: secrets.mspTenantId },
    insurer: { name: "Meridian Mutual" },
    emergency_access: emergencyAccounts(ready),
    escalation: { name: "Priya Raman", address: "priya.raman@brightpath-it.example" },
    signoff_contact: { name: "Morgan Ellery", address: "morgan.ellery@larkfieldfoods.com" },
    guide_url: "https://help.larkfieldfoods.com/mfa",
    faq_url: "https://help.larkfieldfoods.com/mfa/faq",
    approvers: [{ name: SANDBOX_APPROVER, public_key: publicKey }],
    ...(await systems(ready, secret)),
  };
  await writeFile(join(home, "customers", "larkfield.yaml"), stringify(customer), { mode: 0o600 });
}

/** What the customer told the technician: their two emergency access accounts. */
const emergencyAccounts = ({ world }: SandboxReady): readonly string[] =>
  world.exceptions.emergencyAccess.map(({ userPrincipalName }) => userPrincipalName);

/** Writes a secret where only its owner may read it, and gives the reference to it. */
type Keep = (name: string, value: string) => Promise<string>;

/** The customer's systems but Entra ID. */
async function systems({ secrets, teamId }: SandboxReady, secret: Keep) {
  return {
    hr: {
      kind: "bamboohr",
      company: secrets.bamboohr.company,
      api_key: await secret("bamboohr-api-key", secrets.bamboohr.apiKey),
    },
    mail: {
      kind: "gmail",
      sender: { name: "Larkfield IT Support", address: secrets.gmail.sender },
      client_email: secrets.gmail.clientEmail,
      private_key: await secret("gmail-key.pem", secrets.gmail.privateKeyPem),
    },
    helpdesk: {
      kind: "teams",
      team_id: teamId,
      channel: "it-support",
      posting: {
        kind: "delegated",
        client_id: secrets.teams.clientId,
        refresh_token: await secret("teams-refresh-token", secrets.teams.refreshToken),
      },
    },
    service_desk: {
      kind: "connectwise",
      site: "na.myconnectwise.net",
      company_id: secrets.connectwise.companyId,
      public_key: await secret("connectwise-public-key", secrets.connectwise.publicKey),
      private_key: await secret("connectwise-private-key", secrets.connectwise.privateKey),
      client_id: secrets.connectwise.clientId,
      customer: secrets.connectwise.customer,
      service_board: "Service Desk",
      project_board: "Projects",
      technician: "TOkafor",
    },
    dashboard: { kind: "power-bi", workspace_id: secrets.powerBi.workspaceId },
  };
}
