import { z } from "zod";

const Text = z.string();

const Mail = z.object({
  to: z.array(Text),
  cc: z.array(Text),
  subject: Text,
  headers: z.record(Text, Text),
  text: Text,
  html: Text,
  sentAt: Text,
});
const Mailbox = z.object({ sent: z.array(Mail) });

/** The mails that reached the company, by whichever way it sends. */
export const SentMails = z.object({
  gmail: Mailbox.extend({ drafts: z.array(z.looseObject({ id: Text, headers: z.record(Text, Text) })) }),
  outlook: Mailbox,
});
export const sentMails = ({ gmail, outlook }: z.output<typeof SentMails>): readonly z.output<typeof Mail>[] => [
  ...gmail.sent,
  ...outlook.sent,
];

/** `vendors.json` as far as the demo and the tests judge it: what each simulated vendor saw and holds. */
export const VendorsDump = z.object({
  bamboohr: z.object({
    employees: z.array(
      z.looseObject({
        workEmail: Text.nullable(),
        department: Text.nullable(),
        status: Text,
        supervisorEmail: Text.nullish(),
      }),
    ),
  }),
  ...SentMails.shape,
  entra: z.object({
    policies: z.array(
      z.looseObject({
        id: Text,
        displayName: Text,
        state: Text,
        conditions: z.looseObject({
          users: z.looseObject({
            includeUsers: z.array(Text),
            includeGroups: z.array(Text),
            excludeUsers: z.array(Text),
            excludeGroups: z.array(Text),
            excludeRoles: z.array(Text),
          }),
          clientAppTypes: z.array(Text),
        }),
        grantControls: z.looseObject({ builtInControls: z.array(Text) }).nullable(),
      }),
    ),
    policyHistory: z.array(
      z.object({ at: Text, method: Text, id: Text, body: z.looseObject({ state: Text.optional() }).nullable() }),
    ),
    securityDefaultsEnabled: z.boolean(),
    securityDefaultsHistory: z.array(z.object({ at: Text, isEnabled: z.boolean() })),
    perUserMfaHistory: z.array(z.object({ at: Text, id: Text, state: Text })),
    groupHistory: z.array(z.object({ at: Text, group: Text, member: Text, isIn: z.boolean() })),
    groups: z.array(z.looseObject({ id: Text, mailNickname: Text, members: z.array(Text) })),
    accessPasses: z.array(z.object({ userId: Text, id: Text, used: z.boolean() })),
    users: z.array(
      z.looseObject({
        id: Text,
        userPrincipalName: Text,
        mail: Text.nullable(),
        accountEnabled: z.boolean(),
        roles: z.array(Text),
        atStart: z
          .object({ accountEnabled: z.boolean(), perUserMfa: Text, methodsRegistered: z.array(Text) })
          .nullable(),
      }),
    ),
  }),
  teams: z.object({
    channels: z.array(z.looseObject({ id: Text, displayName: Text })),
    messages: z.array(z.looseObject({})),
    tabs: z.array(z.looseObject({ displayName: Text })),
  }),
  connectwise: z.object({
    projects: z.array(z.looseObject({ id: z.number(), name: Text })),
    phases: z.array(z.looseObject({ id: z.number(), description: Text })),
    tickets: z.array(z.looseObject({ id: z.number(), summary: Text })),
    notes: z.array(z.looseObject({ ticketId: z.number(), text: Text })),
  }),
  powerBi: z.object({
    datasets: z.array(
      z.looseObject({
        id: Text,
        name: Text,
        tables: z.record(Text, z.object({ rows: z.array(z.record(Text, z.unknown())) })),
      }),
    ),
  }),
  bigquery: z.object({ tables: z.array(z.looseObject({ rows: z.array(z.record(Text, z.unknown())) })) }),
  requests: z.record(Text, z.object({ total: z.number(), throttled: z.number(), byRoute: z.record(Text, z.number()) })),
  world: z.looseObject({
    timeZone: Text,
    exceptions: z.record(Text, z.array(z.object({ id: Text, mail: Text.nullable() }))),
    neverEnrol: z.array(z.looseObject({ id: Text, mail: Text.nullable() })),
  }),
});
export type VendorsDump = z.output<typeof VendorsDump>;
