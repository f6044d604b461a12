import { CustomerFile } from "../../config/customer-schema.ts";
import { kindOf, type SchemaNode, schemaNode } from "../../config/schema-node.ts";

/** A part of the customer's file as its schema describes it. */
export interface Part {
  /** As in the file: `hr.api_key`. */
  readonly path: string;
  readonly meaning: string;
  readonly required: boolean;
  readonly shape:
    | { readonly kind: "record"; readonly parts: readonly Part[] }
    /** Records of which one is chosen by its `kind`. */
    | { readonly kind: "choice"; readonly options: Readonly<Record<string, readonly Part[]>> }
    /** `least` items at least. */
    | { readonly kind: "list"; readonly item: Part; readonly least: number }
    | { readonly kind: "fixed"; readonly value: string }
    | { readonly kind: "secret" | "text" | "flag" | "number" }
    | { readonly kind: "name"; readonly names: readonly string[]; readonly usual: string | null };
}

/** All that a customer's file can hold, in the order of the schema. */
export function customerForm(): readonly Part[] {
  return partsOf(schemaNode(CustomerFile), "");
}

function partsOf({ properties = {}, required }: SchemaNode, prefix: string): readonly Part[] {
  return Object.entries(properties).map(([name, node]) => ({
    path: prefix + name,
    meaning: node.description,
    required: required.includes(name),
    shape: shapeOf(node, prefix + name),
  }));
}

function shapeOf(node: SchemaNode, path: string): Part["shape"] {
  if (node.oneOf !== undefined) {
    const options = node.oneOf.map((one) => [kindOf(one), partsOf(one, `${path}.`)] as const);
    return { kind: "choice", options: Object.fromEntries(options) };
  }
  if (node.const !== undefined) return { kind: "fixed", value: String(node.const) };
  if (node.enum !== undefined) {
    return { kind: "name", names: node.enum, usual: typeof node.default === "string" ? node.default : null };
  }
  switch (node.type) {
    case "object":
      return { kind: "record", parts: partsOf(node, `${path}.`) };
    case "array": {
      const item = node.items;
      if (item === undefined) throw new TypeError(`a list of what? ${path}`);
      const shape = shapeOf(item, `${path}.0`);
      return {
        kind: "list",
        least: node.minItems,
        item: { path: `${path}.0`, meaning: item.description, required: true, shape },
      };
    }
    case "boolean":
      return { kind: "flag" };
    case "integer":
      return { kind: "number" };
    default:
      return { kind: node.pattern?.startsWith("^(env:") ? "secret" : "text" };
  }
}
