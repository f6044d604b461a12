import { z } from "zod";

type JsonSchema = Record<string, unknown>;

/** Keywords that only cost tokens: zod adds them, no host needs them. Source: research on what hosts accept. */
function strip(value: unknown, isPropertyMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => strip(item));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name, inner]) => isPropertyMap || !superfluous(name, inner, value));
  return Object.fromEntries(kept.map(([name, inner]) => [name, strip(inner, !isPropertyMap && name === "properties")]));
}

function superfluous(name: string, value: unknown, schema: object): boolean {
  return (
    name === "$schema" ||
    (name === "minimum" && value === Number.MIN_SAFE_INTEGER) ||
    (name === "maximum" && value === Number.MAX_SAFE_INTEGER) ||
    (name === "pattern" && "format" in schema)
  );
}

/**
 * A zod object as hosts see it, with a leaner advertisement. Input is let through unchecked: `runTool` checks it, so
 * that a wrong argument gets an error of ours with a next step. Output is checked as zod would.
 */
export function lean<S extends z.ZodObject>(schema: S, use: "input" | "output"): S {
  const standard = schema["~standard"];
  const validate = use === "input" ? (value: unknown) => ({ value }) : standard.validate;
  const jsonSchema = { input: advertisement(schema, "input"), output: advertisement(schema, "output") };
  // The SDK reads only `~standard` of what it is given: validation stays zod's, the JSON Schema is ours.
  return { "~standard": { ...standard, validate, jsonSchema } } as unknown as S;
}

/** Made when it is first asked for, which is not at the start, and kept: over HTTP a server is built for each request. */
function advertisement(schema: z.ZodObject, io: "input" | "output"): () => JsonSchema {
  let made: JsonSchema | null = null;
  return () => {
    made ??= open(io, strip(z.toJSONSchema(schema, { io })) as JsonSchema); // strip keeps an object an object
    return made;
  };
}

/**
 * Clients of the SDK's first generation hold a failure's facts too against the tool's output schema, and throw the failure
 * away when they do not fit. So what is advertised of an answer lets other facts pass; our own check does not.
 */
function open(io: "input" | "output", schema: JsonSchema): JsonSchema {
  if (io === "input") return schema;
  const { required: _, additionalProperties: __, ...rest } = schema;
  return rest;
}
