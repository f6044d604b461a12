import { randomUUID } from "node:crypto";
import { CancelledError, RolloutError } from "../errors.ts";
import type { ArtifactLink } from "../kit/artifacts.ts";
import type { Tool } from "../kit/define-tool.ts";
import type { ToolContext } from "../kit/tool-context.ts";
import type { Logger } from "../ports/logger.ts";
import type { Vendors } from "../ports/vendors.ts";
import { badInput } from "./bad-input.ts";

/** A tool's answer as MCP carries it. */
export interface ToolAnswer {
  [key: string]: unknown;
  content: ({ type: "text"; text: string } | ({ type: "resource_link" } & ArtifactLink))[];
  structuredContent: Record<string, unknown>;
  isError?: boolean;
}

/**
 * Runs a tool and turns every ending into an answer that a model can act on. The only place that catches everything:
 * expected failures say their code and next step; a bug says a correlation id, and its stack goes to the log.
 */
export async function runTool(
  tool: Tool,
  input: unknown,
  {
    context,
    logger,
    showsLinks,
  }: { context: () => Promise<ToolContext<keyof Vendors>>; logger: Logger; showsLinks: boolean },
): Promise<ToolAnswer> {
  try {
    const checked = tool.input.safeParse(input);
    if (!checked.success)
      return failure(badInput(tool.name, checked.error, "Correct these arguments and call the tool again."));
    const { structured, text, links } = await tool.run(await context(), checked.data);
    const shown = showsLinks ? links.map((link) => ({ type: "resource_link" as const, ...link })) : [];
    return { content: [{ type: "text", text }, ...shown], structuredContent: structured };
  } catch (error) {
    if (error instanceof RolloutError) {
      // Nobody reads the answer to a cancelled call, so the log says how far it got.
      const progress = error instanceof CancelledError ? error.details : {};
      logger.warn("tool_refused", { tool: tool.name, code: error.code, ...progress });
      return failure(error);
    }
    const correlation = randomUUID();
    logger.error("tool_failed", {
      tool: tool.name,
      correlation,
      stack: error instanceof Error ? error.stack : String(error),
    });
    return defect(correlation);
  }
}

function failure(error: RolloutError): ToolAnswer {
  const { code, remedy, message, nextStep, details } = error;
  return {
    isError: true,
    content: [{ type: "text", text: `${code}: ${message} Next step: ${nextStep}` }],
    structuredContent: { code, remedy, message, nextStep, ...(Object.keys(details).length > 0 && { details }) },
  };
}

function defect(correlation: string): ToolAnswer {
  const message = "Something in the server failed that should not.";
  const nextStep = `Tell the operator to look for ${correlation} in the server's log; calling again is safe.`;
  return {
    isError: true,
    content: [{ type: "text", text: `ERR_INTERNAL: ${message} Next step: ${nextStep}` }],
    structuredContent: { code: "ERR_INTERNAL", remedy: "operator", message, nextStep },
  };
}
