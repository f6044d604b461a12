import { z } from "zod";
import { judgePass, RECIPIENTS } from "../src/domain/access-pass/judge-pass.ts";
import type { EntraObjectId } from "../src/domain/model/ids.ts";
import type { User } from "../src/domain/model/people.ts";
import { NotFoundError, StateError } from "../src/errors.ts";
import { PASS_TOOL, PassContent, passContent, passEffects, passesOf, passLines } from "../src/kit/access-pass-plan.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { rolloutField } from "../src/kit/fields.ts";
import { nothingToDo, planned, plannedOutput, plannedText } from "../src/kit/planned-output.ts";
import type { OpenRollout, ToolContext } from "../src/kit/tool-context.ts";

type Needs = "accessPasses" | "directory";

export const issueAccessPass = defineTool({
  name: PASS_TOOL,
  title: "Issue a Temporary Access Pass",
  description:
    "Plans a one-time Temporary Access Pass for a user whom MFA would stop and who cannot register otherwise. A person signs it " +
    "(a senior one for directory roles); a technician's command makes and shows it; no answer does.",
  approval: "enforce",
  idempotent: true,
  connectors: ["accessPasses", "directory"],
  input: z.strictObject({
    rollout: rolloutField,
    user: z.string().min(1).max(120).describe("user_id"),
    hand_over: z.enum(RECIPIENTS).default("person").describe("To whom"),
    minutes: z.number().int().min(10).max(480).default(60).describe("How long it opens"),
    again: z.boolean().default(false).describe("True: the last one was lost"),
  }),
  output: z.strictObject({ ...plannedOutput, signer: z.enum(["any approver", "senior approver"]).optional() }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const user = (await open.users()).find(({ id }) => id === input.user);
    if (user === undefined) {
      throw new NotFoundError("There is no such user in the list.", { nextStep: "Take the user_id from list_users." });
    }
    const last = passesOf(open.state, user.id).at(-1)?.outcome.endsAt;
    if (!input.again && typeof last === "string" && last > context.now) {
      return { ...planned(nothingToDo(`a pass for this user is open until ${last}`)) };
    }
    const plan = judgePass({
      ...{ user, recipient: input.hand_over, minutes: input.minutes },
      ...(await look(open, user, context)),
    });
    if ("refused" in plan) throw new StateError(plan.refused, { nextStep: plan.nextStep });
    const passes = await open.vendor("accessPasses");
    const content = passContent(plan, open.state);
    const carried = await open.carryOut({
      tool: PASS_TOOL,
      args: { user: user.id },
      title: `Temporary Access Pass for ${plan.displayName}, to be given to ${plan.recipient.name}`,
      lines: passLines(content),
      content,
      schema: PassContent,
      standingTexts: null,
      ...(plan.privileged && { signer: "senior" }),
      byPerson: `mfa-rollout access-pass ${open.id} ${user.id} --as NAME`,
      effects: (signed) =>
        passEffects(signed, {
          rollout: open.id,
          passes,
          clock: { now: async () => context.now },
          tell: () => Promise.reject(new TypeError("only a person's command hands a pass over")),
        }),
    });
    return { ...planned(carried), signer: plan.privileged ? ("senior approver" as const) : ("any approver" as const) };
  },

  summarize: (answer) =>
    `${plannedText(answer)}${answer.signer === undefined ? "" : ` Signed by: ${answer.signer}.`} The passcode is shown to that technician alone.`,
});

/** What the tenant says about this user, as of now. */
async function look(open: OpenRollout<Needs>, { account }: User, { signal }: ToolContext<Needs>) {
  const passes = await open.vendor("accessPasses");
  const { emergency } = await open.view();
  const policy = await passes.readPolicy({ signal });
  const id = account?.objectId;
  const isIn = async (groups: readonly string[]): Promise<boolean> =>
    id !== undefined && (await anyHolds(open, groups, { id, signal }));
  return {
    users: await open.users(),
    customer: open.customer,
    emergency: [...emergency],
    holdsRole: id !== undefined && (await passes.holdsRole(id, { signal })),
    policy,
    covered: (policy.groups === null || (await isIn(policy.groups))) && !(await isIn(policy.excludedGroups)),
    today: open.today,
  };
}

async function anyHolds(
  open: OpenRollout<Needs>,
  groups: readonly string[],
  { id, signal }: { readonly id: EntraObjectId; readonly signal: AbortSignal },
): Promise<boolean> {
  const directory = await open.vendor("directory");
  for (const group of groups) if ((await directory.listTransitiveMembers(group, { signal })).has(id)) return true;
  return false;
}
