import { z } from "zod";
import { leakedFacts, promote } from "../src/domain/rollout/promote.ts";
import { InputError, StateError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { rolloutField } from "../src/kit/fields.ts";

export const saveProcedure = defineTool({
  name: "save_procedure",
  title: "Save as a procedure",
  description:
    "Promotes a finished rollout into a procedure for the next customer: its steps, settings and texts as finally used, and " +
    "the lessons learned. Refuses to save a name, domain, id or secret of this customer.",
  approval: "record",
  idempotent: true,
  connectors: [],
  input: z.strictObject({
    rollout: rolloutField,
    name: z
      .string()
      .min(3)
      .max(40)
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
      .optional()
      .describe("Id of the new procedure, lower case with dashes; by default the next version of the one used"),
  }),
  output: z.strictObject({
    procedure: z.string(),
    version: z.string(),
    hash: z.string(),
    lessons: z.array(z.string()),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    if (open.state.report === null) {
      throw new StateError("The rollout is not finished: its report has not been written.", {
        nextStep: "Call get_rollout and do what next says; save the procedure at the end.",
      });
    }
    const promoted = promote(open.procedure, open.state, input.name ?? null);
    const leaks = leakedFacts(promoted, { customer: open.customer, state: open.state, users: await open.users() });
    if (leaks.length > 0) {
      throw new InputError(`The procedure still holds facts of this customer: ${leaks.join("; ")}.`, {
        nextStep: "Replace them by parameters in the procedure's texts, then call again. Nothing was saved.",
      });
    }
    const saved = await context.procedures.save(promoted);
    const { id, version, hash, lessons } = saved;
    await open.record({ type: "procedure_saved", data: { id, version, hash } });
    await open.stepDone("save_procedure", {}, `${id} ${version}`);
    return { procedure: id, version, hash, lessons: [...lessons] };
  },

  summarize: ({ procedure, version, lessons }) =>
    `Saved as ${procedure} ${version}. ${lessons.length === 0 ? "No lessons were noted." : `Lessons: ${lessons.join(" ")}`} Replay it with start_rollout for the next customer.`,
});
