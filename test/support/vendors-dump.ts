import { z } from "zod";

const Text = z.string();

/** What each simulated vendor holds, as far as tests of tools read it. */
export const VendorsDump = z.object({
  gmail: z.object({
    sent: z.array(
      z.object({
        to: z.array(Text),
        cc: z.array(Text),
        subject: Text,
        headers: z.record(Text, Text),
        text: Text,
        html: Text,
        sentAt: Text,
      }),
    ),
    drafts: z.array(z.looseObject({ id: Text, headers: z.record(Text, Text) })),
  }),
  entra: z.object({
    policies: z.array(z.looseObject({ id: Text, displayName: Text, state: Text })),
    policyHistory: z.array(z.object({ method: Text, id: Text, body: z.unknown() })),
    groups: z.array(z.looseObject({ id: Text, mailNickname: Text, members: z.array(Text) })),
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
      z.looseObject({ name: Text, tables: z.record(Text, z.object({ rows: z.array(z.record(Text, z.unknown())) })) }),
    ),
  }),
});
export type VendorsDump = z.output<typeof VendorsDump>;
