import type { Json } from "./request-body.ts";

type Literal = string | number | boolean | null;
type Test = (item: Json) => boolean;

/** A comparison that a filter makes: which property, by which operator. A resource decides which it supports. */
interface Term {
  readonly property: string;
  readonly operator: string;
}

export interface Filter {
  readonly terms: readonly Term[];
  readonly matches: Test;
}

const TOKEN = /\s*(?:'(?:[^']|'')*'|[(),]|[^\s(),']+)/gy;
const OUTSIDE_QUOTES_SPACE = /\s(?=(?:[^']|'[^']*')*$)/g;
const COMPARISONS: readonly string[] = ["eq", "ne", "ge", "gt", "le", "lt"];

/**
 * Reads the part of OData's filter language that the simulated services take, or answers `null`: `and`, `or`, `not`,
 * brackets, comparisons, `in`, `startswith`, `endswith`, `any`.
 *
 * @param options.exactCase - Compares text as it stands; the directory compares without regard to case.
 * @see docs.oasis-open.org/odata/odata/v4.01, part 2, 5.1.1
 */
export function parseFilter(text: string, options: { readonly exactCase: boolean }): Filter | null {
  const tokens = [...text.trim().matchAll(TOKEN)].map(([token]) => token.trim());
  // A token that cannot be read ends the matching early.
  if (tokens.join("").length !== text.replaceAll(OUTSIDE_QUOTES_SPACE, "").length) return null;
  const parser = new Parser(tokens, options.exactCase);
  try {
    const matches = parser.readAll();
    return { terms: parser.terms, matches };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

class Parser {
  readonly terms: Term[] = [];
  readonly #tokens: readonly string[];
  readonly #exactCase: boolean;
  #at = 0;

  constructor(tokens: readonly string[], exactCase: boolean) {
    this.#tokens = tokens;
    this.#exactCase = exactCase;
  }

  readAll(): Test {
    const test = this.#or();
    if (this.#at !== this.#tokens.length) throw new SyntaxError("trailing text");
    return test;
  }

  #or(): Test {
    let left = this.#and();
    while (this.#take("or")) {
      const [a, b] = [left, this.#and()];
      left = (item) => a(item) || b(item);
    }
    return left;
  }

  #and(): Test {
    let left = this.#unary();
    while (this.#take("and")) {
      const [a, b] = [left, this.#unary()];
      left = (item) => a(item) && b(item);
    }
    return left;
  }

  #unary(): Test {
    if (this.#take("not")) {
      const inner = this.#unary();
      this.terms.push({ property: "", operator: "not" });
      return (item) => !inner(item);
    }
    if (this.#take("(")) {
      const inner = this.#or();
      this.#expect(")");
      return inner;
    }
    return this.#comparison();
  }

  #comparison(): Test {
    const word = this.#next();
    if (word === "startswith" || word === "endswith") return this.#textFunction(word);
    if (word.endsWith("/any")) return this.#any(word.slice(0, -"/any".length));
    const operator = this.#next();
    this.terms.push({ property: word, operator });
    if (operator === "in") {
      const values = this.#list();
      return (item) => values.some((value) => this.#compare("eq", read(item, word), value));
    }
    if (!COMPARISONS.includes(operator)) throw new SyntaxError(`unknown operator ${operator}`);
    const value = this.#literal();
    return (item) => this.#compare(operator, read(item, word), value);
  }

  #textFunction(operator: "startswith" | "endswith"): Test {
    this.#expect("(");
    const property = this.#next();
    this.#expect(",");
    const part = this.#fold(this.#literal());
    this.#expect(")");
    this.terms.push({ property, operator });
    if (typeof part !== "string") throw new SyntaxError("text expected");
    return (item) => {
      const text = this.#fold(read(item, property));
      return typeof text === "string" && (operator === "startswith" ? text.startsWith(part) : text.endsWith(part));
    };
  }

  /** `property/any(x: x eq 'value')` */
  #any(property: string): Test {
    this.#expect("(");
    // The variable and its first use: "x: x" or, as one word, "x:x".
    const [variable = "", use] = this.#next().split(":");
    if (!use) this.#expect(variable);
    const operator = this.#next();
    if (operator !== "eq") throw new SyntaxError("only eq inside any");
    const value = this.#literal();
    this.#expect(")");
    this.terms.push({ property, operator: "any" });
    return (item) => {
      const values = read(item, property);
      return Array.isArray(values) && values.some((one) => this.#compare(operator, one, value));
    };
  }

  #list(): readonly Literal[] {
    this.#expect("(");
    const values = [this.#literal()];
    while (this.#take(",")) values.push(this.#literal());
    this.#expect(")");
    return values;
  }

  #literal(): Literal {
    const word = this.#next();
    if (word.startsWith("'")) return word.slice(1, -1).replaceAll("''", "'");
    if (word === "null") return null;
    if (word === "true" || word === "false") return word === "true";
    if (/^-?\d+$/.test(word)) return Number(word);
    if (/^\d{4}-\d{2}-\d{2}T/.test(word)) return word;
    throw new SyntaxError("a value needs quotes");
  }

  #compare(operator: string, given: unknown, wanted: Literal): boolean {
    const [a, b] = [this.#fold(given), this.#fold(wanted)];
    if (operator === "eq") return a === b;
    if (operator === "ne") return a !== b;
    const order = typeof a === "string" && typeof b === "string" ? instant(a) - instant(b) : Number(a) - Number(b);
    if (operator === "ge") return order >= 0;
    if (operator === "gt") return order > 0;
    if (operator === "le") return order <= 0;
    return order < 0;
  }

  #fold(value: unknown): unknown {
    return typeof value === "string" && !this.#exactCase ? value.toLowerCase() : value;
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new SyntaxError("unexpected end");
    this.#at += 1;
    return token;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new SyntaxError(`${token} expected`);
  }
}

const instant = (text: string): number => Date.parse(text);

/** `status/errorCode` walks into an object; `assignedLicenses/$count` counts a list. Nothing there is `null`. */
function read(item: Json, path: string): unknown {
  let value: unknown = item;
  for (const step of path.split("/")) {
    if (step === "$count") return Array.isArray(value) ? value.length : 0;
    value =
      typeof value === "object" && value !== null ? Object.entries(value).find(([name]) => name === step)?.[1] : null;
  }
  return value ?? null;
}
