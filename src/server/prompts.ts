import { ProtocolError, ProtocolErrorCode, type Server } from "@modelcontextprotocol/server";
import { explainWhatBlocks } from "../../prompts/explain-what-blocks.ts";
import { runProcedurePrompt } from "../../prompts/run-procedure.ts";
import { startMfaRollout } from "../../prompts/start-mfa-rollout.ts";
import { whereDoWeStand } from "../../prompts/where-do-we-stand.ts";
import type { Prompt } from "../kit/define-prompt.ts";
import type { Logger } from "../ports/logger.ts";
import type { ProcedureShelf } from "../ports/procedure-shelf.ts";
import { answering } from "./answering.ts";
import { badInput } from "./bad-input.ts";

/** Prompts that are always there, in the order in which hosts show them. */
const FIXED: readonly Prompt[] = [startMfaRollout, whereDoWeStand, explainWhatBlocks];

/** Every prompt there is now: ours, then one for each stored procedure in its newest version. */
export async function promptsOf(shelf: ProcedureShelf): Promise<readonly Prompt[]> {
  const newest = new Map((await shelf.list()).map((procedure) => [procedure.id, procedure]));
  return [...FIXED, ...[...newest.values()].map(runProcedurePrompt)];
}

/**
 * Answers `prompts/list` and `prompts/get`. Set on the protocol server and not registered one by one, because a
 * procedure saved a minute ago is a prompt too.
 */
export function servePrompts(
  server: Server,
  { shelf, logger }: { readonly shelf: ProcedureShelf; readonly logger: Logger },
): void {
  server.registerCapabilities({ prompts: {} });
  server.setRequestHandler("prompts/list", () =>
    answering("prompts/list", logger, async () => ({ prompts: (await promptsOf(shelf)).map(listed) })),
  );
  server.setRequestHandler("prompts/get", ({ params }) =>
    answering("prompts/get", logger, async () => {
      const prompt = (await promptsOf(shelf)).find(({ name }) => name === params.name);
      if (prompt === undefined) throw unknownPrompt();
      const input = prompt.input.safeParse(params.arguments ?? {});
      if (!input.success)
        throw badInput(prompt.name, input.error, "Correct these arguments and pick the prompt again.");
      const text = prompt.write(input.data);
      return {
        description: prompt.description,
        messages: [{ role: "user" as const, content: { type: "text" as const, text } }],
      };
    }),
  );
}

const unknownPrompt = (): ProtocolError =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no such prompt. Use a name from prompts/list.");

function listed({ name, title, description, input }: Prompt) {
  const fields = Object.entries(input.shape).map(([field, schema]) => ({
    name: field,
    description: schema.description ?? "",
    required: !schema.safeParse(undefined).success,
  }));
  return { name, title, description, arguments: fields };
}
