import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { sandboxCustomer } from "./customers.ts";
import type { SandboxReady } from "./sandbox-process.ts";
import { connectwise, type Keep, teams } from "./systems.ts";

/** The approver who signs in the sandbox. */
export const SANDBOX_APPROVER = "dana";

/**
 * Writes a data directory for the sandbox's company, as a technician would for a real customer: one customer file,
 * its secrets in private files, and the approver's public key.
 */
export async function writeSandboxHome(home: string, ready: SandboxReady, publicKey: string): Promise<void> {
  const { secrets } = ready;
  const facts = sandboxCustomer(ready);
  await mkdir(join(home, "customers"), { recursive: true, mode: 0o700 });
  await mkdir(join(home, "secrets"), { recursive: true, mode: 0o700 });
  const secret: Keep = async (name, value) => {
    const file = join(home, "secrets", name);
    await writeFile(file, value, { mode: 0o600 });
    return `file:${file}`;
  };

  const customer = {
    name: facts.name,
    time_zone: ready.timeZone,
    tenant: {
      id: ready.tenantId,
      cloud: ready.cloud,
      client_id: secrets.entra.clientId,
      client_secret: await secret("entra-client-secret", secrets.entra.clientSecret),
    },
    msp: { name: facts.msp, tenant_id: secrets.mspTenantId },
    insurer: { name: facts.insurer },
    emergency_access: emergencyAccounts(ready),
    escalation: facts.escalation,
    signoff_contact: facts.signoffContact,
    guide_url: facts.guideUrl,
    faq_url: facts.faqUrl,
    approvers: [{ name: SANDBOX_APPROVER, public_key: publicKey }],
    ...(facts.replacesLegacyMfa && { replace_legacy_mfa: true }),
    hr: await facts.systems.hr(ready, secret),
    mail: await facts.systems.mail(ready, secret),
    helpdesk: await teams(facts.channel)(ready, secret),
    service_desk: await connectwise(ready, secret),
    dashboard: await facts.systems.dashboard(ready, secret),
  };
  await writeFile(join(home, "customers", `${facts.slug}.yaml`), stringify(customer), { mode: 0o600 });
}

/** What the customer told the technician: their emergency access accounts. */
const emergencyAccounts = ({ world }: SandboxReady): readonly string[] =>
  world.exceptions.emergencyAccess.map(({ userPrincipalName }) => userPrincipalName);
