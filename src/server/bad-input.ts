import type { z } from "zod";
import { InputError } from "../errors.ts";
import { untrusted } from "../kit/untrusted-text.ts";

/** Problems told at once, and of names that nobody knows. */
const MOST_PROBLEMS = 8;
const MOST_NAMES = 5;

/** What does not fit in the arguments of a tool or prompt, field by field, in our schema's words. */
export function badInput(name: string, error: z.ZodError, nextStep: string): InputError {
  const problems = error.issues
    .slice(0, MOST_PROBLEMS)
    .map((issue) => `${issue.path.join(".") || "arguments"}: ${messageOf(issue)}`);
  return new InputError(`The arguments of ${name} do not fit: ${problems.join("; ")}.`, {
    nextStep,
    details: { problems },
  });
}

/** Zod's own words, but where they would repeat what the caller wrote. */
const messageOf = (issue: z.core.$ZodIssue): string =>
  issue.code === "unrecognized_keys"
    ? `not known: ${issue.keys
        .slice(0, MOST_NAMES)
        .map((name) => untrusted(name, 40))
        .join(", ")}`
    : issue.message;
