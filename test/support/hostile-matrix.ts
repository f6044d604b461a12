import { type ArgumentSchema, type Arguments, argumentSchema } from "./arbitrary-arguments.ts";
import { HOSTILE_KINDS, HOSTILE_TEXTS } from "./hostile-text.ts";

/** A call that is as usual but for one hostile value. */
export interface Cell {
  /** Where the value stands, as `overrides[].reason`. */
  readonly field: string;
  readonly value: unknown;
  readonly args: Arguments;
}

/** What a usual call has in a field, by the field's name. */
export type Usual = Readonly<Record<string, unknown>>;

/** A member that no tool knows. */
const UNKNOWN_FIELD = "approved";

/** Every field that a tool advertises, and one that it does not, each with every hostile value. */
export function hostileCells(inputSchema: unknown, usual: Usual): readonly Cell[] {
  const schema = argumentSchema(inputSchema);
  const unknown: Place = {
    field: UNKNOWN_FIELD,
    put: (value) => ({ ...usualOf(schema, usual), [UNKNOWN_FIELD]: value }),
  };
  return [...placesIn(schema, usual), unknown].flatMap(({ field, put }) =>
    [...HOSTILE_TEXTS, ...HOSTILE_KINDS].map((value) => ({ field, value, args: put(value) })),
  );
}

interface Place {
  readonly field: string;
  put(value: unknown): Arguments;
}

function* placesIn(schema: ArgumentSchema, usual: Usual): Generator<Place> {
  const base = usualOf(schema, usual);
  for (const [name, { items }] of Object.entries(schema.properties)) {
    yield { field: name, put: (value) => ({ ...base, [name]: value }) };
    if (items === undefined) continue;
    yield { field: `${name}[]`, put: (value) => ({ ...base, [name]: [value] }) };
    for (const { field, put } of placesIn(items, usual)) {
      yield { field: `${name}[].${field}`, put: (value) => ({ ...base, [name]: [put(value)] }) };
    }
  }
}

/** What a field needs, and nothing that may be left out. @throws {TypeError} a needed field has no usual value. */
function usualOf({ required, properties }: ArgumentSchema, usual: Usual): Arguments {
  return Object.fromEntries(
    required.map((name) => {
      const value = usual[name] ?? properties[name]?.enum?.[0];
      if (value === undefined) throw new TypeError(`give ${name} a usual value`);
      return [name, value];
    }),
  );
}
