import fc from "fast-check";
import { z } from "zod";
import { hostileName, hostileValue } from "./hostile-text.ts";

/** The keywords of JSON Schema that our tools advertise. */
const Schema = z.object({
  type: z.enum(["object", "array", "string", "integer", "number", "boolean"]),
  enum: z.array(z.string()).optional(),
  pattern: z.string().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().default(40),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  get items() {
    return Schema.optional();
  },
  maxItems: z.number().default(3),
  get properties() {
    return z.record(z.string(), Schema).default({});
  },
  required: z.array(z.string()).default([]),
});
type Schema = z.output<typeof Schema>;

export type { Schema as ArgumentSchema };

/** An advertised input schema. @throws {z.ZodError} it has a keyword or a type that our tools do not use. */
export const argumentSchema = (inputSchema: unknown): Schema => Schema.parse(inputSchema);

export type Arguments = Readonly<Record<string, unknown>>;

/** Values that exist, by the name of the field that takes them: without these, nothing gets past the first look-up. */
export type Known = Readonly<Record<string, readonly string[]>>;

/** Longest list and text that are made up; longer ones are among the hostile values. */
const MOST_ITEMS = 3;
const LONGEST_TEXT = 40;

/** Arguments that fit an advertised input schema. */
export const fittingArguments = (inputSchema: unknown, known: Known): fc.Arbitrary<Arguments> =>
  objectOf(argumentSchema(inputSchema), known);

/** Arguments that fit but for one to three members that are hostile, gone, or too many. */
export function hostileArguments(inputSchema: unknown, known: Known): fc.Arbitrary<Arguments> {
  const names = Object.keys(argumentSchema(inputSchema).properties);
  const name = names.length === 0 ? hostileName : fc.oneof(fc.constantFrom(...names), hostileName);
  const change = fc.oneof(
    { weight: 4, arbitrary: fc.record({ name, value: hostileValue }) },
    { weight: 1, arbitrary: fc.record({ name, value: fc.constant(undefined) }) },
  );
  return fc
    .tuple(fittingArguments(inputSchema, known), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([fitting, changes]) =>
      // `fromEntries` makes `__proto__` a member like any other, as JSON.parse does.
      Object.fromEntries(
        [...Object.entries(fitting), ...changes.map(({ name, value }) => [name, value] as const)].filter(
          ([, value]) => value !== undefined,
        ),
      ),
    );
}

function objectOf({ properties, required }: Schema, known: Known): fc.Arbitrary<Arguments> {
  const members = Object.entries(properties).map(([name, schema]) => [name, valueFor(schema, name, known)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: required });
}

function valueFor(schema: Schema, name: string, known: Known): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case "object":
      return objectOf(schema, known);
    case "array":
      return fc.array(schema.items === undefined ? fc.anything() : valueFor(schema.items, name, known), {
        maxLength: Math.min(schema.maxItems, MOST_ITEMS),
      });
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000 });
    case "number":
      return fc.double({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000, noNaN: true });
    case "string":
      return textOf(schema, known[name] ?? []);
  }
}

function textOf(
  { enum: values, pattern, minLength = 0, maxLength }: Schema,
  known: readonly string[],
): fc.Arbitrary<string> {
  if (values !== undefined) return fc.constantFrom(...values);
  const made =
    pattern === undefined
      ? fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, LONGEST_TEXT)), unit: "grapheme" })
      : fc.stringMatching(new RegExp(pattern));
  return known.length === 0
    ? made
    : fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: made });
}
