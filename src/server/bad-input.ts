import type { z } from "zod";
import { InputError } from "../errors.ts";

/** What does not fit in the arguments of a tool or prompt, field by field, in our schema's words. */
export function badInput(name: string, error: z.ZodError, nextStep: string): InputError {
  const problems = error.issues.slice(0, 8).map((issue) => `${issue.path.join(".") || "arguments"}: ${issue.message}`);
  return new InputError(`The arguments of ${name} do not fit: ${problems.join("; ")}.`, {
    nextStep,
    details: { problems },
  });
}
