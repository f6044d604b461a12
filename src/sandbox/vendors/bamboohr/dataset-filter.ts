/** Whether a row, read field by field, passes a filter. */
export type RowFilter = (read: (field: string) => string | null) => boolean;

/** A filter that cannot be read; the message names the place. */
export class FilterError extends Error {
  override readonly name = "FilterError";
}

const TOKEN = /\s*(?:(?<text>'(?:[^']|'')*')|(?<mark>[(),])|(?<word>[^\s(),']+))/gy;

/**
 * Reads the OData-like filter of the dataset endpoint: `eq ne lt le gt ge in`, `and`, `or`, parentheses.
 * `and` binds tighter than `or`. Dates compare as text, which for `YYYY-MM-DD` is their order.
 *
 * @throws {FilterError}
 * @see BambooHR API reference, "Get Data from Dataset (v2)"
 */
export function parseFilter(source: string, fields: ReadonlySet<string>): RowFilter {
  return new FilterParser(source, fields).parse();
}

const COMPARISONS: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  eq: (value, wanted) => value === wanted,
  ne: (value, wanted) => value !== wanted,
  lt: (value, wanted) => value < wanted,
  le: (value, wanted) => value <= wanted,
  gt: (value, wanted) => value > wanted,
  ge: (value, wanted) => value >= wanted,
};

class FilterParser {
  readonly #tokens: readonly string[];
  readonly #fields: ReadonlySet<string>;
  #next = 0;

  constructor(source: string, fields: ReadonlySet<string>) {
    this.#tokens = tokensOf(source);
    this.#fields = fields;
  }

  parse(): RowFilter {
    const filter = this.#or();
    if (this.#next < this.#tokens.length) throw new FilterError(`unexpected ${this.#tokens[this.#next]}`);
    return filter;
  }

  #or(): RowFilter {
    const parts = [this.#and()];
    while (this.#accept("or")) parts.push(this.#and());
    return (read) => parts.some((part) => part(read));
  }

  #and(): RowFilter {
    const parts = [this.#comparison()];
    while (this.#accept("and")) parts.push(this.#comparison());
    return (read) => parts.every((part) => part(read));
  }

  #comparison(): RowFilter {
    if (this.#accept("(")) {
      const inner = this.#or();
      this.#expect(")");
      return inner;
    }
    const field = this.#take();
    if (!this.#fields.has(field)) throw new FilterError(`unknown field ${field}`);
    const operator = this.#take();
    if (operator === "in") {
      const wanted = new Set(this.#list());
      return (read) => wanted.has(read(field) ?? "");
    }
    const compare = COMPARISONS[operator];
    if (compare === undefined) throw new FilterError(`unknown operator ${operator}`);
    const wanted = this.#literal();
    return (read) => {
      const value = read(field);
      // A row without the value is neither less nor greater than anything; it differs, though.
      return value === null ? operator === "ne" : compare(value, wanted);
    };
  }

  #list(): readonly string[] {
    this.#expect("(");
    const values = [this.#literal()];
    while (this.#accept(",")) values.push(this.#literal());
    this.#expect(")");
    return values;
  }

  #literal(): string {
    const token = this.#take();
    return token.startsWith("'") ? token.slice(1, -1).replaceAll("''", "'") : token;
  }

  #take(): string {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new FilterError("unexpected end");
    this.#next += 1;
    return token;
  }

  #accept(wanted: string): boolean {
    if (this.#tokens[this.#next] !== wanted) return false;
    this.#next += 1;
    return true;
  }

  #expect(wanted: string): void {
    if (!this.#accept(wanted)) throw new FilterError(`expected ${wanted}`);
  }
}

function tokensOf(source: string): readonly string[] {
  const trimmed = source.trim();
  const found = [...trimmed.matchAll(TOKEN)];
  const read = found.reduce((length, [whole]) => length + whole.length, 0);
  if (read !== trimmed.length) throw new FilterError(`cannot read the filter at position ${read}`);
  return found.map(([whole]) => whole.trim());
}
