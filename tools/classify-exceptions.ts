import { z } from "zod";
import { classify } from "../src/domain/exceptions/classify.ts";
import type { ExceptionOverride } from "../src/domain/exceptions/overrides.ts";
import { exceptionsTable } from "../src/domain/exceptions/table.ts";
import { EXCEPTION_KINDS } from "../src/domain/model/exception.ts";
import type { Sha256, UserId } from "../src/domain/model/ids.ts";
import type { User } from "../src/domain/model/people.ts";
import { type CalendarDate, calendarDate } from "../src/domain/model/time.ts";
import { InputError } from "../src/errors.ts";
import { exceptionsLink } from "../src/kit/artifacts.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { rolloutField } from "../src/kit/fields.ts";
import { tally } from "../src/kit/tally.ts";
import type { ToolContext } from "../src/kit/tool-context.ts";
import { untrusted } from "../src/kit/untrusted-text.ts";

const TABLE_SHOWN = 5_000;

export const classifyExceptions = defineTool({
  name: "classify_exceptions",
  title: "Classify exceptions",
  description:
    "Tags the accounts that the policies must carve out (emergency access, directory sync, service accounts, shared " +
    "mailboxes, rooms, people on leave) and returns the Markdown table for the customer's sign-off. Takes a person's overrides.",
  approval: "record",
  idempotent: true,
  connectors: [],
  input: z.strictObject({
    rollout: rolloutField,
    overrides: z
      .array(
        z.strictObject({
          user_id: z.string().max(100).describe("user_id from list_users"),
          action: z.enum(["add", "remove"]).describe("add or remove an exception"),
          kind: z.enum(EXCEPTION_KINDS).default("other").describe("For add: what the account is"),
          reason: z.string().min(5).max(300).describe("Why, in a sentence the customer will sign"),
          owner: z.string().min(2).max(100).describe("Who answers for it"),
          expires: z.string().describe("Last day of the exception, YYYY-MM-DD, at most a year ahead"),
        }),
      )
      .max(100)
      .default([])
      .describe("Decisions of a person; they are kept for later calls"),
  }),
  output: z.strictObject({
    total: z.number().int(),
    by_kind: z.array(z.strictObject({ kind: z.string(), count: z.number().int() })),
    suggestions: z.array(
      z.strictObject({ user_id: z.string(), name: z.string(), kind: z.string(), evidence: z.string() }),
    ),
    table: z.string().describe("Markdown; the whole is the artifact table_artifact"),
    table_artifact: z.string(),
    signed_off: z.boolean(),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const users = await open.users();
    const list = open.state.list;
    const { customer, state, today } = open;
    const given = input.overrides.map((override) => ({
      ...override,
      userId: override.user_id as UserId, // an id that no user has is refused below
      expires: dayFrom(override.expires),
    }));
    const kept = await storedOverrides(state.exceptions?.overrides ?? null, context.documents);
    const overrides = [...stillMeant(kept, given, { users, today }), ...given];
    const classified = classify({ users, customer, overrides, today, deadline: state.deadline });
    if ("problems" in classified) {
      throw new InputError(
        `These overrides cannot be used: ${classified.problems.map(({ userId, problem }) => `${untrusted(userId, 60)}: ${problem}`).join("; ")}.`,
        {
          nextStep: "Correct them and call again; nothing was changed.",
        },
      );
    }
    const { register, suggestions } = classified;
    const markdown = exceptionsTable({ customerName: customer.name, register });
    const table = await context.documents.put(markdown);
    const counts = tally(register.map(({ kind }) => kind));
    const known = [...state.endedExceptions, ...(await open.register()).map(({ userId }) => userId)];
    await open.recordUnlessStale({
      type: "exceptions_classified",
      data: {
        list: list?.hash ?? table,
        register: await context.documents.put(JSON.stringify(register)),
        table,
        overrides: await context.documents.put(JSON.stringify(overrides)),
        counts,
        total: register.length,
        ended: [...new Set(known).difference(new Set(register.map(({ userId }) => userId)))].sort(),
      },
    });
    const names = new Map(users.map(({ id, displayName }) => [id, displayName]));
    await open.stepDone("classify_exceptions", {}, `${register.length} exceptions`);
    return {
      total: register.length,
      by_kind: Object.entries(counts).map(([kind, count]) => ({ kind, count })),
      suggestions: suggestions.slice(0, 10).map(({ userId, verdict }) => ({
        user_id: userId,
        name: untrusted(names.get(userId) ?? ""),
        kind: verdict.kind,
        evidence: untrusted(verdict.evidence.join("; "), 200),
      })),
      table:
        markdown.length <= TABLE_SHOWN
          ? markdown
          : `${markdown.slice(0, TABLE_SHOWN)}\n… (read the rest with get_artifact)`,
      table_artifact: table,
      signed_off: open.state.signoff?.table === table,
    };
  },

  summarize: ({ total, by_kind, suggestions, table_artifact, signed_off }) =>
    `${total} exceptions: ${by_kind.map(({ kind, count }) => `${count} ${kind}`).join(", ")}. ` +
    `${suggestions.length} more are only suggested. The table is artifact ${table_artifact}; the customer has ${signed_off ? "" : "not yet "}signed it off.`,

  links: (_, { rollout }) => [exceptionsLink(rollout)],
});

/** Overrides of earlier calls. We wrote them, and their hash was checked on reading. */
async function storedOverrides(
  hash: Sha256 | null,
  documents: ToolContext<never>["documents"],
): Promise<readonly ExceptionOverride[]> {
  return hash === null ? [] : (JSON.parse(await documents.text(hash)) as ExceptionOverride[]);
}

/** Earlier decisions stand until they expire, their account goes, or a new one for the same user replaces them. */
const stillMeant = (
  kept: readonly ExceptionOverride[],
  given: readonly ExceptionOverride[],
  { users, today }: { users: readonly User[]; today: CalendarDate },
): readonly ExceptionOverride[] => {
  const replaced = new Set(given.map(({ userId }) => userId));
  const there = new Set(users.flatMap(({ id, account }) => (account?.enabled === true ? [id] : [])));
  return kept.filter(({ userId, expires }) => expires >= today && !replaced.has(userId) && there.has(userId));
};

function dayFrom(text: string): CalendarDate {
  try {
    return calendarDate(text);
  } catch (cause) {
    throw new InputError("An override's expiry is not a calendar date.", {
      nextStep: "Write it as YYYY-MM-DD.",
      cause,
    });
  }
}
