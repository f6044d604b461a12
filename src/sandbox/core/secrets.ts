import { generateKeyPair, type KeyObject, sign } from "node:crypto";
import { promisify } from "node:util";
import type { World } from "../world/world.ts";
import { appCertificate } from "./app-certificates.ts";
import type { MicrosoftCloud } from "./microsoft-clouds.ts";
import type { Secrets } from "./vendor.ts";

/** Makes the credentials that the box accepts. All but the key, and what is made with it, follow from the world's seed. */
export async function makeSecrets(world: World, cloud: MicrosoftCloud): Promise<Secrets> {
  // One pair serves Gmail, the app's certificates and the workload: making keys is the slow part.
  const keys = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const { systems, supportMailbox } = world.profile;
  const word = (name: string): string => world.guid(`secret ${name}`).replaceAll("-", "");
  return {
    entra: { clientId: world.guid("entra app"), clientSecret: word("entra"), ...(await appCredentials(keys, cloud)) },
    teams: { clientId: world.guid("teams public client"), refreshToken: word("teams"), user: teamsUserOf(world) },
    bamboohr: { company: world.mailDomain.split(".")[0] ?? world.mailDomain, apiKey: word("bamboohr") },
    gmail: {
      clientEmail: "mfa-rollout@msp-automation.iam.gserviceaccount.com",
      privateKeyPem: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      publicKeyPem: keys.publicKey.export({ type: "spki", format: "pem" }).toString(),
      sender: `${supportMailbox}@${world.mailDomain}`,
    },
    connectwise: {
      companyId: "brightpath",
      publicKey: word("connectwise public").slice(0, 16),
      privateKey: word("connectwise private").slice(0, 16),
      clientId: world.guid("connectwise client"),
      customer: systems.psaCustomer,
    },
    powerBi: { workspaceId: world.guid("power bi workspace") },
    bigquery: { projectId: systems.bigQueryProject, dataset: "it_security", location: systems.bigQueryLocation },
    looker: { host: systems.lookerHost, clientId: word("looker id"), clientSecret: word("looker secret") },
    workday: {
      host: "wd2-impl-services1.workday.com",
      tenant: systems.workday.tenant,
      user: "ISU_MFA_Rollout",
      password: word("workday"),
      clientId: word("workday client"),
      clientSecret: word("workday client secret"),
      refreshToken: word("workday refresh token"),
    },
    mspTenantId: world.guid("msp tenant"),
  };
}

/** Teams is used in the name of the customer's own IT manager. */
function teamsUserOf(world: World): string {
  const { departments, itDepartment, supportMailbox } = world.profile;
  const head = departments.find(({ name }) => name === itDepartment)?.head;
  const manager = world.accounts.values().find(({ jobTitle }) => jobTitle === head);
  return manager?.userPrincipalName ?? `${supportMailbox}@${world.mailDomain}`;
}

interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

async function appCredentials(keys: Keys, cloud: MicrosoftCloud) {
  const from = { ...keys, notBefore: "2026-02-01T00:00:00Z" };
  const issuer = "https://token.actions.brightpath-it.example";
  const subject = "system:serviceaccount:mfa-rollout:server";
  return {
    certificatePem: await appCertificate({ ...from, notAfter: "2028-01-31T00:00:00Z" }),
    oldCertificatePem: await appCertificate({ ...from, notAfter: "2026-10-12T00:00:00Z" }),
    workload: {
      issuer,
      subject,
      token: workloadToken(keys.privateKey, { iss: issuer, sub: subject, aud: cloud.tokenExchange }),
    },
  };
}

function workloadToken(key: KeyObject, claims: Readonly<Record<string, string>>): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode({ typ: "JWT", alg: "RS256" })}.${encode({ ...claims, iat: now, exp: now + 86_400 })}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
}
