import { valueAt } from "./record.ts";

type Condition = (record: Readonly<Record<string, unknown>>) => boolean;
type Value = string | number | boolean | null | Date;

/** A query that the vendor would refuse with 400. */
export class ConditionsError extends Error {}

const TOKEN = /\s*(?:("(?:[^"])*")|(\[[^\]]*\])|(\(|\)|,)|(<=|>=|!=|=|<|>)|([^\s"()[\],<>=!]+))/y;

/**
 * Compiles the `conditions` of a list query: `summary contains "MFA" and board/name="Service Desk"`. Operators
 * `= != < <= > >= contains like in`, `not` before the last three, AND, OR and brackets; AND binds closer.
 *
 * As in the SQL behind it, text is compared without case, and in `contains` and `like` a `[…]` is a set of characters,
 * so that a literal `[` must be written `[[]`.
 * @throws ConditionsError
 */
export function compileConditions(source: string): Condition {
  const parser = new Parser(tokenize(source));
  const condition = parser.parseOr();
  parser.expectEnd();
  return condition;
}

function tokenize(source: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.trimEnd().length) {
    const match = TOKEN.exec(source);
    if (!match) throw new ConditionsError("unreadable conditions");
    tokens.push(match[0].trim());
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  parseOr(): Condition {
    const alternatives = [this.#parseAnd()];
    while (this.#take("or")) alternatives.push(this.#parseAnd());
    return (record) => alternatives.some((condition) => condition(record));
  }

  expectEnd(): void {
    if (this.#next < this.#tokens.length) throw new ConditionsError("unexpected text after the conditions");
  }

  #parseAnd(): Condition {
    const all = [this.#parseTerm()];
    while (this.#take("and")) all.push(this.#parseTerm());
    return (record) => all.every((condition) => condition(record));
  }

  #parseTerm(): Condition {
    if (this.#take("(")) {
      const inner = this.parseOr();
      if (!this.#take(")")) throw new ConditionsError("missing )");
      return inner;
    }
    const path = this.#read();
    if (!/^[A-Za-z_]\w*(\/\w+)*$/.test(path)) throw new ConditionsError("a field name was expected");
    const negated = this.#take("not");
    const test = this.#parseTest(this.#read().toLowerCase());
    return (record) => test(valueAt(record, path)) !== negated;
  }

  #parseTest(operator: string): (actual: unknown) => boolean {
    if (operator === "in") {
      const wanted = this.#readList();
      return (actual) => wanted.some((value) => compare(actual, value) === 0);
    }
    const wanted = readValue(this.#read());
    if (operator === "contains" || operator === "like") {
      const pattern = likePattern(String(wanted), operator === "contains");
      return (actual) => typeof actual === "string" && pattern.test(actual);
    }
    return comparison(operator, wanted);
  }

  #readList(): Value[] {
    if (!this.#take("(")) throw new ConditionsError("in needs a list");
    const values = [readValue(this.#read())];
    while (this.#take(",")) values.push(readValue(this.#read()));
    if (!this.#take(")")) throw new ConditionsError("missing )");
    return values;
  }

  #take(word: string): boolean {
    if (this.#tokens[this.#next]?.toLowerCase() !== word) return false;
    this.#next += 1;
    return true;
  }

  #read(): string {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw new ConditionsError("the conditions end too early");
    return token;
  }
}

function comparison(operator: string, wanted: Value): (actual: unknown) => boolean {
  const against = (test: (order: number) => boolean) => (actual: unknown) => {
    const order = compare(actual, wanted);
    return order !== null && test(order);
  };
  switch (operator) {
    case "=":
      return against((order) => order === 0);
    case "!=":
      return (actual) => compare(actual, wanted) !== 0;
    case "<":
      return against((order) => order < 0);
    case "<=":
      return against((order) => order <= 0);
    case ">":
      return against((order) => order > 0);
    case ">=":
      return against((order) => order >= 0);
    default:
      throw new ConditionsError("unknown operator");
  }
}

function readValue(token: string): Value {
  if (token.startsWith('"')) return token.slice(1, -1);
  if (token.startsWith("[")) {
    const date = new Date(token.slice(1, -1));
    if (Number.isNaN(date.getTime())) throw new ConditionsError("unreadable date");
    return date;
  }
  const word = token.toLowerCase();
  if (word === "true" || word === "false") return word === "true";
  if (word === "null") return null;
  const number = Number(token);
  if (Number.isNaN(number)) throw new ConditionsError("text must stand in double quotes");
  return number;
}

/** Negative, 0 or positive; `null` when the two cannot be compared. */
function compare(actual: unknown, wanted: Value): number | null {
  if (wanted === null) return actual === null || actual === undefined ? 0 : null;
  if (wanted instanceof Date) return typeof actual === "string" ? Date.parse(actual) - wanted.getTime() : null;
  if (typeof wanted === "boolean") return typeof actual === "boolean" ? Number(actual) - Number(wanted) : null;
  if (typeof wanted === "number") return typeof actual === "number" ? actual - wanted : null;
  if (typeof actual !== "string") return null;
  const [left, right] = [actual.toLowerCase(), wanted.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A SQL LIKE pattern with `*` beside `%`. */
function likePattern(text: string, anywhere: boolean): RegExp {
  const source = text.replace(/\[([^\]]*)\]|[%*]|[\s\S]/g, (part, set: string | undefined) => {
    if (set !== undefined) return `[${set.replace(/[\\[\]]/g, "\\$&")}]`;
    return part === "%" || part === "*" ? "[\\s\\S]*" : part.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  });
  return new RegExp(anywhere ? source : `^${source}$`, "i");
}
