import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { World } from "../world/world.ts";
import type { Secrets } from "./vendor.ts";

/** Makes the credentials that the box accepts. All but Gmail's key follow from the world's seed. */
export async function makeSecrets(world: World): Promise<Secrets> {
  const gmailKeys = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const { systems, supportMailbox } = world.profile;
  const word = (name: string): string => world.guid(`secret ${name}`).replaceAll("-", "");
  return {
    entra: { clientId: world.guid("entra app"), clientSecret: word("entra") },
    teams: { clientId: world.guid("teams public client"), refreshToken: word("teams"), user: teamsUserOf(world) },
    bamboohr: { company: world.mailDomain.split(".")[0] ?? world.mailDomain, apiKey: word("bamboohr") },
    gmail: {
      clientEmail: "mfa-rollout@msp-automation.iam.gserviceaccount.com",
      privateKeyPem: gmailKeys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      publicKeyPem: gmailKeys.publicKey.export({ type: "spki", format: "pem" }).toString(),
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
