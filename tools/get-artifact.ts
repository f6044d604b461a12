import { z } from "zod";
import { sha256 } from "../src/domain/model/ids.ts";
import { NotFoundError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { rolloutField } from "../src/kit/fields.ts";
import type { RolloutState } from "../src/domain/rollout/state.ts";

/** Characters of one page: about 2,000 tokens. */
const PAGE = 7_000;

export const getArtifact = defineTool({
  name: "get_artifact",
  title: "Read an artifact",
  description:
    "Returns the text of an artifact of the rollout, page by page: the exceptions table, a policy's JSON, the report. " +
    "Names also work: exceptions, report, or policy:<phase>.",
  approval: "observe",
  idempotent: true,
  connectors: [],
  input: z.strictObject({
    rollout: rolloutField,
    artifact: z.string().min(1).max(100).describe("Artifact id from another tool, or exceptions, report, policy:phase_sales"),
    offset: z.number().int().min(0).max(100_000_000).default(0).describe("Where to go on: next_offset of the page before"),
  }),
  output: z.strictObject({
    artifact: z.string(),
    text: z.string(),
    total_characters: z.number().int(),
    next_offset: z.number().int().optional(),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const known = artifactsOf(open.state);
    const hash = known.get(input.artifact) ?? [...known.values()].find((value) => value === input.artifact);
    if (hash === undefined) {
      throw new NotFoundError("The rollout has no such artifact.", {
        nextStep: known.size > 0 ? `Use one of: ${[...known.keys()].join(", ")}.` : "There are none yet: call get_rollout.",
      });
    }
    const text = await context.documents.text(sha256(hash));
    const end = input.offset + PAGE;
    return {
      artifact: hash,
      text: text.slice(input.offset, end),
      total_characters: text.length,
      ...(end < text.length && { next_offset: end }),
    };
  },

  summarize: ({ text, next_offset, total_characters }) =>
    next_offset === undefined ? text : `${text}\n(${total_characters} characters in all; go on with offset ${next_offset})`,
});

/** What can be read, by name. Only documents of this rollout that were made to be read. */
function artifactsOf({ exceptions, drafts, report }: RolloutState): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (exceptions !== null) found.set("exceptions", exceptions.table);
  if (report !== null) found.set("report", report.text);
  for (const [phase, { artifact }] of drafts) found.set(`policy:${phase}`, artifact);
  return found;
}
