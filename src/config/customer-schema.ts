import { z } from "zod";
import { APPROVER_TIERS } from "../domain/model/plan.ts";
import { Folder, Looker, PowerBi } from "./customer-dashboard.ts";
import { BambooHr, Workday } from "./customer-hr.ts";
import { Gmail, Outlook } from "./customer-mail.ts";
import { person } from "./customer-person.ts";
import { Tenant } from "./customer-tenant.ts";
import { secretReference } from "./secret.ts";

/** An offset such as +02:00 knows no summer time, and an abbreviation means different places. */
const timeZone = z.string().refine((zone) => {
  if (zone !== "UTC" && !/^[A-Z]\w+\/\w/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}, "must be an IANA time zone such as America/Chicago");

const Settings = z.strictObject({
  name: z.string().min(1).describe("The customer as its people call it"),
  time_zone: timeZone.describe("IANA name; every day of the rollout is a day there"),
  tenant: Tenant.describe("Microsoft 365: the tenant and our app registration"),
  msp: z
    .strictObject({
      name: z.string().min(1).describe("The MSP as the customer calls it"),
      tenant_id: z.guid().describe("Entra tenant id of the MSP"),
      gdap: z
        .boolean()
        .optional()
        .describe(
          "Whether its technicians reach the tenant through GDAP; where true, doctor looks for the relationship",
        ),
    })
    .describe("Who runs the rollout; its users are never locked out"),
  insurer: z
    .strictObject({
      name: z.string().min(1).describe("The insurer"),
      form: z.string().optional().describe("Edition of the insurer's form"),
    })
    .describe("Who requires MFA; named in mails and in the report"),
  emergency_access: z
    .array(z.string().includes("@"))
    .min(2, "needs at least two emergency access accounts")
    .describe("User principal names of the emergency access (break-glass) accounts"),
  escalation: person.describe("Whom users turn to; on copy where a manager is missing"),
  signoff_contact: person.describe("Who signs the exceptions for the customer"),
  guide_url: z.url({ protocol: /^https$/ }).describe("Where the enrolment guide is published"),
  faq_url: z.url({ protocol: /^https$/ }).describe("Where the FAQ is published"),
  approvers: z
    .array(
      z.strictObject({
        name: z.string().min(1).describe("Name of the approver's key"),
        public_key: z
          .string()
          .regex(/^ed25519:[\w-]{43}$/, "must be what `mfa-rollout approver add NAME` printed, ed25519:…")
          .describe("Public half of the key"),
        tier: z
          .enum(APPROVER_TIERS)
          .default("standard")
          .describe("Only a senior approver signs a Temporary Access Pass for somebody with a role in the directory"),
      }),
    )
    .min(1)
    .describe("Who may sign plans; `mfa-rollout approver add NAME` prints the public key"),
  replace_legacy_mfa: z
    .boolean()
    .default(false)
    .describe(
      "Let the rollout replace security defaults and end per-user MFA, with a signature each; needs two permissions more",
    ),
  hr: z.discriminatedUnion("kind", [BambooHr, Workday]).describe("HR: BambooHR or Workday"),
  mail: z.discriminatedUnion("kind", [Gmail, Outlook]).describe("Mail: Gmail or Outlook"),
  helpdesk: z
    .strictObject({
      kind: z.literal("teams"),
      team_id: z.guid().describe("Id of the team: in the link to it, after groupId="),
      channel: z.string().min(1).max(50).describe("Name of the channel, which is opened when it is not there"),
      posting: z
        .discriminatedUnion("kind", [
          z.strictObject({
            kind: z.literal("delegated"),
            client_id: z
              .guid()
              .describe("App that people sign in to; a public client, not the app of tenant.client_id"),
            refresh_token: secretReference
              .optional()
              .describe("A first refresh token; left out where `mfa-rollout teams-login` signs the person in"),
          }),
          z.strictObject({
            kind: z.literal("workflow"),
            url: secretReference.describe("URL of the flow's trigger, which is a secret"),
          }),
        ])
        .describe(
          "How messages are posted, which no application permission allows: with a user's token, or through a Teams workflow",
        ),
    })
    .describe("Teams"),
  service_desk: z
    .strictObject({
      kind: z.literal("connectwise"),
      site: z
        .string()
        .regex(/^[a-z0-9.-]+$/, "must be a host name such as na.myconnectwise.net")
        .describe("Host of the web client, such as na.myconnectwise.net"),
      company_id: z.string().min(1).describe("The company id that technicians log in with"),
      public_key: secretReference.describe("Public key of the API member"),
      private_key: secretReference.describe("Private key of the API member"),
      client_id: z.guid().describe("Client id of the integration"),
      customer: z.string().min(1).describe("Identifier of the customer's company record"),
      service_board: z.string().min(1).describe("Board whose tickets are answered"),
      project_board: z.string().min(1).describe("Board of the rollout's project"),
      technician: z
        .string()
        .min(1)
        .optional()
        .describe("Member identifier of the technician whom tickets of the fix kit are given to"),
    })
    .describe("ConnectWise PSA"),
  dashboard: z
    .discriminatedUnion("kind", [PowerBi, Looker, Folder])
    .describe("Dashboard: Power BI, Looker, or files in a folder"),
});
/** `customers/<slug>.yaml`: whom we work for and which systems they have. Secrets are references. */
export const CustomerFile = Settings.refine(
  ({ tenant, helpdesk }) => tenant.cloud !== "china" || helpdesk.posting.kind !== "workflow",
  {
    // https://learn.microsoft.com/connectors/teams: not in the China cloud operated by 21Vianet.
    error: "must be of kind delegated, because Teams workflows do not exist in the China cloud",
    path: ["helpdesk", "posting"],
  },
);
export type CustomerFile = z.output<typeof CustomerFile>;
