import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { SUPPORT_MAILBOX } from "../world/special-accounts.ts";
import type { World } from "../world/world.ts";
import type { Secrets } from "./vendor.ts";

/** Makes the credentials that the box accepts. All but Gmail's key follow from the world's seed. */
export async function makeSecrets(world: World): Promise<Secrets> {
  const gmailKeys = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const word = (name: string): string => world.guid(`secret ${name}`).replaceAll("-", "");
  return {
    entra: { clientId: world.guid("entra app"), clientSecret: word("entra") },
    teams: { clientId: world.guid("teams public client"), refreshToken: word("teams"), user: teamsUserOf(world) },
    bamboohr: { company: world.mailDomain.split(".")[0] ?? world.mailDomain, apiKey: word("bamboohr") },
    gmail: {
      clientEmail: "mfa-rollout@msp-automation.iam.gserviceaccount.com",
      privateKeyPem: gmailKeys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      publicKeyPem: gmailKeys.publicKey.export({ type: "spki", format: "pem" }).toString(),
      sender: `${SUPPORT_MAILBOX}@${world.mailDomain}`,
    },
    connectwise: {
      companyId: "brightpath",
      publicKey: word("connectwise public").slice(0, 16),
      privateKey: word("connectwise private").slice(0, 16),
      clientId: world.guid("connectwise client"),
      customer: "LarkfieldFoods",
    },
    powerBi: { workspaceId: world.guid("power bi workspace") },
    bigquery: { projectId: "larkfield-analytics", dataset: "it_security", location: "US" },
    looker: { host: "larkfield.cloud.looker.com", clientId: word("looker id"), clientSecret: word("looker secret") },
    workday: {
      host: "wd2-impl-services1.workday.com",
      tenant: "larkfield_foods",
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
  const manager = world.accounts.values().find(({ jobTitle }) => jobTitle === "IT Manager");
  return manager?.userPrincipalName ?? `${SUPPORT_MAILBOX}@${world.mailDomain}`;
}
