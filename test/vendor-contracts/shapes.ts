import { Ajv2020, type AnySchemaObject, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

interface How {
  /** An object may have no property but those that its schema names, unless that says otherwise. */
  readonly closed?: boolean;
  /** A property that is required may yet be left out, as in a change or in an answer whose fields were chosen. */
  readonly partial?: boolean;
}

/** The schemas of one contract, by the JSON pointer at which they stand in it. */
export class Shapes {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false, logger: false });
  readonly #lenient = new Ajv2020({
    strict: false,
    allErrors: true,
    validateSchema: false,
    logger: false,
    coerceTypes: "array",
  });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(contract: unknown, how: How) {
    for (const ajv of [this.#ajv, this.#lenient]) {
      formats.default(ajv);
      ajv.addSchema({ ...(inOurDraft(contract, how) as AnySchemaObject), $id: "contract" });
    }
  }

  /** What in a value breaks the schema at `pointer`, such as `/status must be string`. */
  faults(pointer: string, value: unknown): readonly string[] {
    return this.#faults(this.#ajv, pointer, value);
  }

  /** As `faults`, of text that stands for a number, a truth value or a list where the schema wants one. */
  faultsOfText(pointer: string, text: string): readonly string[] {
    return this.#faults(this.#lenient, pointer, text);
  }

  #faults(ajv: Ajv2020, pointer: string, value: unknown): readonly string[] {
    const key = `${ajv === this.#ajv ? "" : "text"}${pointer}`;
    const validate = this.#compiled.get(key) ?? ajv.compile({ $ref: `contract#${pointer}` });
    this.#compiled.set(key, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const extra = isObject(params) && "additionalProperty" in params ? `: ${String(params.additionalProperty)}` : "";
      return `${instancePath.replaceAll(/\/\d+/g, "/*")} ${message ?? "is wrong"}${extra}`.trim();
    });
  }
}

export const pointer = (...path: readonly string[]): string =>
  path.map((part) => `/${encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))}`).join("");

/** OpenAPI 3.0 and Swagger write `null`, exclusive bounds and what a parameter is as no draft of JSON Schema does. */
function inOurDraft(value: unknown, how: How): unknown {
  if (Array.isArray(value)) return value.map((each) => inOurDraft(each, how));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name, part]) => !isForeign(name, part, how));
  const schema = Object.fromEntries(kept.map(([name, part]) => [name, inOurDraft(part, how)]));
  const open = "additionalProperties" in schema || "allOf" in schema || !isObject(schema.properties);
  const closed = how.closed === true && !open ? { ...schema, additionalProperties: false } : schema;
  return value.nullable === true ? { anyOf: [closed, { type: "null" }] } : closed;
}

/** Under `properties` these words are names of properties, which have schemas. */
function isForeign(name: string, part: unknown, { partial = false }: How): boolean {
  if (name === "required") return typeof part === "boolean" || (partial && Array.isArray(part));
  return (
    (name === "nullable" || name === "exclusiveMinimum" || name === "exclusiveMaximum") && typeof part === "boolean"
  );
}
