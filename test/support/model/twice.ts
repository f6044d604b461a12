import { expect } from "vitest";
import { z } from "zod";

const Text = z.string();
/** What we make at vendors beside mails, as far as it tells one thing from another. */
const Made = z.object({
  entra: z.object({
    policies: z.array(z.object({ description: Text.nullish() })),
    groups: z.array(z.object({ mailNickname: Text })),
  }),
  teams: z.object({
    channels: z.array(z.object({ displayName: Text })),
    tabs: z.array(z.object({ channelId: Text, displayName: Text })),
    messages: z.array(z.unknown()),
  }),
  connectwise: z.object({
    projects: z.array(z.object({ description: Text.nullish() })),
    phases: z.array(z.object({ projectId: z.number(), description: Text.nullish() })),
    tickets: z.array(z.object({ wbsCode: Text.nullish() })),
    notes: z.array(z.object({ ticketId: z.number(), text: Text })),
  }),
  powerBi: z.object({
    datasets: z.array(z.object({ name: Text, tables: z.record(Text, z.object({ rows: z.array(z.unknown()) })) })),
  }),
});

/** The marker in a text of ours; nothing in a text of somebody else's. */
const marks = (text: unknown): readonly string[] =>
  JSON.stringify(text ?? "").match(/\[?mfa-rollout:[^\]"\\ <]+/g) ?? [];

/** A message to the channel ends with the key of its effect, in small print. */
const keyOf = (message: unknown): readonly string[] =>
  JSON.stringify(message).match(/<small>rol_[^<]+<\/small>/g) ?? [];

/** What the vendors hold of ours, each thing by what tells it from another of its kind. */
function thingsIn(dump: unknown): Readonly<Record<string, readonly string[]>> {
  const { entra, teams, connectwise, powerBi } = Made.parse(dump);
  return {
    groups: entra.groups.map(({ mailNickname }) => mailNickname),
    policies: entra.policies.flatMap(({ description }) => marks(description)),
    channels: teams.channels.map(({ displayName }) => displayName),
    tabs: teams.tabs.map(({ channelId, displayName }) => `${channelId} ${displayName}`),
    "channel messages": teams.messages.flatMap(keyOf),
    projects: connectwise.projects.flatMap(({ description }) => marks(description)),
    "project phases": connectwise.phases.map(({ projectId, description }) => `${projectId} ${description}`),
    "project tickets": connectwise.tickets.flatMap(({ wbsCode }) => wbsCode ?? []),
    notes: connectwise.notes.flatMap(({ ticketId, text }) => marks(text).map((mark) => `${ticketId} ${mark}`)),
    datasets: powerBi.datasets.map(({ name }) => name),
    "dashboard rows": powerBi.datasets.flatMap(({ tables }) =>
      Object.entries(tables).flatMap(([table, { rows }]) => rows.map((row) => `${table} ${JSON.stringify(row)}`)),
    ),
  };
}

/**
 * Nothing that is made once stands twice at a vendor. No fault of the model delivers a request twice, which is what no
 * client can prevent (docs/reference/guarantees.md), so this holds of everything.
 */
export function expectNothingTwice(dump: unknown): void {
  for (const [what, ids] of Object.entries(thingsIn(dump))) {
    expect(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      `${what} that stand twice`,
    ).toEqual([]);
  }
}

/** At its end a rollout has made something of every kind, so that nothing was looked for in vain all the time. */
export function expectSomethingOfEach(dump: unknown): void {
  for (const [what, ids] of Object.entries(thingsIn(dump))) expect(ids, what).not.toEqual([]);
}
