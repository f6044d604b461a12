import { z } from "zod";
import { fold } from "../src/domain/model/fold.ts";
import type { PhaseId, UserId } from "../src/domain/model/ids.ts";
import type { User } from "../src/domain/model/people.ts";
import { NotFoundError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { cursorField, limitField, pageOf, rolloutField } from "../src/kit/fields.ts";
import { phaseOf } from "../src/kit/phase-of.ts";
import { unfenced, untrusted } from "../src/kit/untrusted-text.ts";

const SHOW = [
  "all",
  "in_scope",
  "not_capable",
  "unknown_registration",
  "orphan_account",
  "missing_account",
  "excepted",
  "out_of_scope",
] as const;

export const listUsers = defineTool({
  name: "list_users",
  title: "List users",
  description:
    "Queries the canonical list of the rollout: who is in which phase, who can answer an MFA prompt, who is excepted or " +
    "out of scope and why. Reads no vendor; call reconcile_users first for fresh data. Returns a page and the total.",
  approval: "observe",
  idempotent: true,
  connectors: [],
  input: z.strictObject({
    rollout: rolloutField,
    phase: z.string().max(80).optional().describe("Only this phase, e.g. phase_sales"),
    department: z.string().max(100).optional().describe("Only this department"),
    show: z.enum(SHOW).default("all").describe("Which users"),
    limit: limitField,
    cursor: cursorField,
  }),
  output: z.strictObject({
    total: z.number().int(),
    users: z.array(
      z.strictObject({
        user_id: z.string(),
        name: z.string(),
        account: z.string().describe("User principal name; empty without account"),
        department: z.string(),
        phase: z.string().describe("Empty when out of scope or excepted"),
        correlation: z.string(),
        mfa: z.enum(["capable", "registered", "none", "unknown"]),
        exception: z.string().describe("Kind of the exception, or empty"),
        note: z.string(),
      }),
    ),
    next_cursor: z.string().optional(),
    as_of: z.string(),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const [users, roster, register] = [await open.users(), await open.roster(), await open.register()];
    if (input.phase !== undefined) phaseOf(open.state, input.phase);
    const department = input.department === undefined ? undefined : fold(unfenced(input.department));
    if (department !== undefined) refuseUnknown(department, users);
    const placed = new Map<UserId, PhaseId>();
    for (const [phase, members] of roster.byPhase) for (const { id } of members) placed.set(id, phase);
    const why = new Map(roster.outOfScope.map(({ user, why }) => [user.id, why]));
    const kinds = new Map(register.map((exception) => [exception.userId, exception.kind]));

    const shows: Record<(typeof SHOW)[number], (user: User) => boolean> = {
      all: () => true,
      in_scope: ({ id }) => placed.has(id),
      not_capable: (user) => placed.has(user.id) && user.registration?.capable !== true,
      unknown_registration: (user) => placed.has(user.id) && user.registration === null,
      orphan_account: ({ correlation }) => correlation === "orphan_account",
      missing_account: ({ correlation }) => correlation === "missing_account",
      excepted: ({ id }) => roster.excepted.has(id),
      out_of_scope: ({ id }) => why.has(id),
    };
    const chosen = users.filter(
      (user) =>
        shows[input.show](user) &&
        (input.phase === undefined || placed.get(user.id) === input.phase) &&
        (department === undefined || (user.department !== null && fold(user.department) === department)),
    );
    const { rows, next_cursor } = pageOf(chosen, input);
    return {
      total: chosen.length,
      users: rows.map((user) => ({
        user_id: user.id,
        name: untrusted(user.displayName, 60),
        account: user.account?.upn ?? "",
        department: user.department === null ? "" : untrusted(user.department, 40),
        phase: placed.get(user.id) ?? "",
        correlation: user.correlation,
        mfa: mfaOf(user),
        exception: roster.excepted.has(user.id) ? (kinds.get(user.id) ?? "") : "",
        note: why.get(user.id) ?? "",
      })),
      ...(next_cursor !== undefined && { next_cursor }),
      as_of: open.state.list?.at ?? "",
    };
  },

  summarize: ({ total, users, next_cursor, as_of }) =>
    `${total} users as of ${as_of}. ${users
      .map(
        ({ user_id, name, phase, mfa, exception, note }) =>
          `${user_id} ${name} ${[phase, `mfa ${mfa}`, exception, note].filter(Boolean).join(", ")}`,
      )
      .join("; ")}${next_cursor === undefined ? "" : `. More with cursor ${next_cursor}`}`,
});

/** A department that nobody has is a mistyped one, never an empty answer. It is given as it is compared. */
function refuseUnknown(department: string, users: readonly User[]): void {
  const known = new Set(users.flatMap((user) => user.department ?? []));
  if ([...known].some((name) => fold(name) === department)) return;
  throw new NotFoundError("No user of the list is in that department.", {
    nextStep: `Use one of: ${[...known]
      .sort()
      .slice(0, 40)
      .map((name) => untrusted(name))
      .join(", ")}.`,
  });
}

function mfaOf({ registration }: User): "capable" | "registered" | "none" | "unknown" {
  if (registration === null) return "unknown";
  if (registration.capable) return "capable";
  return registration.registered ? "registered" : "none";
}
