import type { z } from "zod";

/** Known values that a host can offer while a person fills in an argument. */
export type Offer = "customers" | "rollouts" | "phases" | "procedures";

interface PromptFacts {
  /** What a host lists it under. snake_case for ours; a stored procedure's prompt has the procedure's id. */
  readonly name: string;
  readonly title: string;
  /** For the person who picks it: what happens then. */
  readonly description: string;
}

interface PromptDefinition<I extends z.ZodObject> extends PromptFacts {
  /** MCP carries a prompt's arguments as strings, so every field accepts one. */
  readonly input: I;
  /** Where the values of an argument come from, where we know them. */
  readonly offers: { readonly [Name in keyof z.input<I>]?: Offer };
  /** What the person thereby says to the model. */
  write(input: z.output<I>): string;
}

/** A prompt with its generics closed over, so that all of them fit in one list. */
export interface Prompt extends PromptFacts {
  readonly input: z.ZodObject;
  readonly offers: Readonly<Partial<Record<string, Offer>>>;
  /** @throws {z.ZodError} the input does not fit. */
  write(input: unknown): string;
}

/** Checks a definition's types: what it offers and writes must go with its arguments. */
export function definePrompt<I extends z.ZodObject>(definition: PromptDefinition<I>): Prompt {
  return { ...definition, write: (input) => definition.write(definition.input.parse(input)) };
}
