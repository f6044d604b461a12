import type { z } from "zod";
import type { ApprovalClass } from "../domain/model/plan.ts";
import type { Vendors } from "../ports/vendors.ts";
import type { ArtifactLink } from "./artifacts.ts";
import type { ToolContext } from "./tool-context.ts";

interface ToolFacts {
  /** verb_noun, snake_case; the file has the same name in kebab-case. */
  readonly name: string;
  readonly title: string;
  /** What it does, when to use it (and when not), what comes back: 40 to 400 characters. */
  readonly description: string;
  readonly approval: ApprovalClass;
  /** Calling it again with the same arguments changes nothing more. */
  readonly idempotent: boolean;
}

interface ToolDefinition<I extends z.ZodObject, O extends z.ZodObject, Needs extends keyof Vendors> extends ToolFacts {
  /** The capabilities it uses; the context gives no others. */
  readonly connectors: readonly Needs[];
  readonly input: I;
  readonly output: O;
  handler(context: ToolContext<Needs>, input: z.output<I>): Promise<z.input<O>>;
  /** The same answer in a few plain sentences, with the ids needed next, for hosts that show the model text alone. */
  summarize(output: z.output<O>): string;
  /** Documents that the call made, for hosts that show resources. The answer names them as well: not every host does. */
  links?(output: z.output<O>, input: z.output<I>): readonly ArtifactLink[];
}

export interface ToolResult {
  readonly structured: Record<string, unknown>;
  readonly text: string;
  readonly links: readonly ArtifactLink[];
}

/** A tool with its generics closed over, so that all of them fit in one list. */
export interface Tool extends ToolFacts {
  readonly connectors: readonly (keyof Vendors)[];
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  /** @throws {z.ZodError} the input does not fit; a programmer error when the output does not. */
  run(context: ToolContext<keyof Vendors>, input: unknown): Promise<ToolResult>;
}

/** Checks a definition's types and derives its hints, so that class, hints and behaviour cannot disagree. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject, const Needs extends keyof Vendors = never>(
  definition: ToolDefinition<I, O, Needs>,
): Tool {
  const { handler, summarize, links, ...facts } = definition;
  return {
    ...facts,
    annotations: {
      readOnlyHint: definition.approval === "observe",
      destructiveHint: definition.approval === "enforce",
      idempotentHint: definition.idempotent,
      openWorldHint: definition.connectors.length > 0,
    },
    async run(context, input) {
      const checked = definition.input.parse(input);
      const structured = definition.output.parse(await handler(context, checked));
      return { structured, text: summarize(structured), links: links?.(structured, checked) ?? [] };
    },
  };
}
