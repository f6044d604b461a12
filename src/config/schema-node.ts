import { z } from "zod";

/** A JSON Schema as zod writes it, as far as it is read to describe the files that people fill in. */
const SchemaNode = z.looseObject({
  type: z.string().optional(),
  description: z.string().default(""),
  enum: z.array(z.string()).optional(),
  const: z.union([z.string(), z.number(), z.boolean()]).optional(),
  default: z.unknown().optional(),
  required: z.array(z.string()).default([]),
  pattern: z.string().optional(),
  minItems: z.number().default(0),
  get properties() {
    return z.record(z.string(), SchemaNode).optional();
  },
  get items() {
    return SchemaNode.optional();
  },
  get oneOf() {
    return z.array(SchemaNode).optional();
  },
});
export type SchemaNode = z.output<typeof SchemaNode>;

/** What a schema takes, as a tree to walk. */
export const schemaNode = (schema: z.ZodType): SchemaNode => SchemaNode.parse(z.toJSONSchema(schema, { io: "input" }));

/** The name under which one of several records is chosen. */
export const kindOf = ({ properties }: SchemaNode): string => String(properties?.kind?.const ?? "");
