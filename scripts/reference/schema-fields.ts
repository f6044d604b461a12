import type { z } from "zod";
import { kindOf, type SchemaNode, schemaNode } from "../../src/config/schema-node.ts";

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

/** Every value that a schema takes, records followed by what is in them. */
export function schemaFields(schema: z.ZodType): readonly SchemaField[] {
  return fieldsOf(schemaNode(schema), "");
}

function fieldsOf(node: SchemaNode, prefix: string): readonly SchemaField[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([name, value]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    return [fieldOf(path, value, node.required.includes(name)), ...fieldsOf(value, path)];
  });
  const listed = node.items === undefined ? [] : fieldsOf(node.items, `${prefix}[]`);
  return [...own, ...listed, ...(node.oneOf ?? []).flatMap((choice) => choiceFields(choice, prefix))];
}

/** Says with each field of a choice for which kind it is; the kinds themselves are told where the choice is made. */
function choiceFields(choice: SchemaNode, prefix: string): readonly SchemaField[] {
  const kind = kindOf(choice);
  return fieldsOf(choice, prefix)
    .filter(({ path }) => !path.endsWith(".kind"))
    .map((field) => ({ ...field, description: `Kind ${kind}. ${field.description}`.trim() }));
}

const fieldOf = (path: string, node: SchemaNode, required: boolean): SchemaField => ({
  path,
  type: typeOf(node),
  required,
  default: node.default === undefined ? "" : JSON.stringify(node.default),
  description: node.description,
});

function typeOf(node: SchemaNode): string {
  if (node.oneOf !== undefined) return `record, \`kind\` one of ${node.oneOf.map(kindOf).join(", ")}`;
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
