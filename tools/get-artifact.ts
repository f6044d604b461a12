import { z } from "zod";
import { NotFoundError } from "../src/errors.ts";
import { artifactsOf, isText } from "../src/kit/artifacts.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { rolloutField } from "../src/kit/fields.ts";

/** Characters of one page: about 2,000 tokens. */
const PAGE = 7_000;

export const getArtifact = defineTool({
  name: "get_artifact",
  title: "Read an artifact",
  description:
    "Returns the text of an artifact of the rollout, page by page: the exceptions table, a policy's JSON, the report. " +
    "Names also work: exceptions, report, proof, or policy:<phase>.",
  approval: "observe",
  idempotent: true,
  connectors: [],
  input: z.strictObject({
    rollout: rolloutField,
    artifact: z
      .string()
      .min(1)
      .max(100)
      .describe("Artifact id from another tool, or exceptions, report, policy:phase_sales"),
    offset: z
      .number()
      .int()
      .min(0)
      .max(100_000_000)
      .default(0)
      .describe("Where to go on: next_offset of the page before"),
  }),
  output: z.strictObject({
    artifact: z.string(),
    text: z.string(),
    total_characters: z.number().int(),
    next_offset: z.number().int().optional(),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const known = artifactsOf(open.state).filter(isText);
    const found = known.find(({ name, hash }) => input.artifact === name || input.artifact === hash);
    if (found === undefined) {
      throw new NotFoundError("The rollout has no such artifact.", {
        nextStep:
          known.length > 0
            ? `Use one of: ${known.map(({ name }) => name).join(", ")}.`
            : "There are none yet: call get_rollout.",
      });
    }
    const text = await context.documents.text(found.hash);
    const end = input.offset + PAGE;
    return {
      artifact: found.hash,
      text: text.slice(input.offset, end),
      total_characters: text.length,
      ...(end < text.length && { next_offset: end }),
    };
  },

  summarize: ({ text, next_offset, total_characters }) =>
    next_offset === undefined
      ? text
      : `${text}\n(${total_characters} characters in all; go on with offset ${next_offset})`,
});
