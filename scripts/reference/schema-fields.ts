import { z } from "zod";

/** One value of a schema, by its path: `hr.api_key`, `approvers[].name`. */
export interface SchemaField {
  readonly path: string;
  /** In words: `text`, `whole number`, `one of a, b`, `list of text`, `record`. */
  readonly type: string;
  readonly required: boolean;
  /** As JSON, or empty. */
  readonly default: string;
  readonly description: string;
}

const Node = z.looseObject({
  type: z.string().optional(),
  description: z.string().default(""),
  enum: z.array(z.string()).optional(),
  const: z.unknown().optional(),
  default: z.unknown().optional(),
  required: z.array(z.string()).default([]),
  pattern: z.string().optional(),
  get properties() {
    return z.record(z.string(), Node).optional();
  },
  get items() {
    return Node.optional();
  },
  get oneOf() {
    return z.array(Node).optional();
  },
});
type Node = z.output<typeof Node>;

/** Every value that a schema takes, records followed by what is in them. */
export function schemaFields(schema: z.ZodType): readonly SchemaField[] {
  return fieldsOf(Node.parse(z.toJSONSchema(schema, { io: "input" })), "");
}

function fieldsOf(node: Node, prefix: string): readonly SchemaField[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([name, value]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    return [fieldOf(path, value, node.required.includes(name)), ...fieldsOf(value, path)];
  });
  const listed = node.items === undefined ? [] : fieldsOf(node.items, `${prefix}[]`);
  return [...own, ...listed, ...(node.oneOf ?? []).flatMap((choice) => choiceFields(choice, prefix))];
}

/** Says with each field of a choice for which kind it is; the kinds themselves are told where the choice is made. */
function choiceFields(choice: Node, prefix: string): readonly SchemaField[] {
  const kind = String(choice.properties?.kind?.const ?? "");
  return fieldsOf(choice, prefix)
    .filter(({ path }) => !path.endsWith(".kind"))
    .map((field) => ({ ...field, description: `Kind ${kind}. ${field.description}`.trim() }));
}

const fieldOf = (path: string, node: Node, required: boolean): SchemaField => ({
  path,
  type: typeOf(node),
  required,
  default: node.default === undefined ? "" : JSON.stringify(node.default),
  description: node.description,
});

function typeOf(node: Node): string {
  if (node.oneOf !== undefined)
    return `record, \`kind\` one of ${node.oneOf.map((choice) => String(choice.properties?.kind?.const)).join(", ")}`;
  if (node.const !== undefined) return `always ${String(node.const)}`;
  if (node.enum !== undefined) return `one of ${node.enum.join(", ")}`;
  if (node.pattern?.startsWith("^(env:")) return "secret reference";
  switch (node.type) {
    case "array":
      return `list of ${node.items === undefined ? "values" : typeOf(node.items)}`;
    case "object":
      return "record";
    case "integer":
      return "whole number";
    case "boolean":
      return "true or false";
    case "string":
      return "text";
    default:
      return node.type ?? "value";
  }
}
