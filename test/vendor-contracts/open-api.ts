import { z } from "zod";
import type { Contract } from "./contract.ts";
import type { Exchange } from "./exchange.ts";
import { pointer, Shapes } from "./shapes.ts";

const Parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  schema: z.unknown().optional(),
});
const Content = z.record(z.string(), z.object({ schema: z.unknown().optional() }));
const Answer = z.object({ content: Content.optional(), schema: z.unknown().optional(), $ref: z.string().optional() });
const Operation = z.object({
  parameters: z.array(z.unknown()).default([]),
  requestBody: z.object({ content: Content.optional(), $ref: z.string().optional() }).optional(),
  responses: z.record(z.string(), Answer).default({}),
});
const Document = z.looseObject({
  paths: z.record(z.string(), z.looseObject({ parameters: z.array(z.unknown()).default([]) })),
});

interface Found {
  readonly path: string;
  readonly parameters: readonly { readonly at: string; readonly is: z.output<typeof Parameter> }[];
  readonly operation: z.output<typeof Operation>;
  readonly at: string;
}

/** OpenAPI 3 or Swagger 2. */
export class OpenApi implements Contract {
  readonly #document: unknown;
  readonly #paths: z.output<typeof Document>["paths"];
  readonly #base: RegExp;
  protected readonly requests: Shapes;
  protected readonly answers: Shapes;

  /**
   * @param base - What stands before the contract's paths in a URL.
   * @param fieldsChosen - Whether calls choose the fields of their answers.
   */
  constructor(document: unknown, { base = /^/, fieldsChosen = false }: { base?: RegExp; fieldsChosen?: boolean } = {}) {
    this.#document = document;
    this.#paths = Document.parse(document).paths;
    this.#base = base;
    this.requests = new Shapes(document, { closed: true });
    this.answers = new Shapes(document, { partial: fieldsChosen });
  }

  deviations(exchange: Exchange): readonly string[] {
    const path = this.pathOf(exchange.url);
    if (path === null) return ["no such path"];
    const found = this.#operation(path, exchange.method);
    if (found === null) return this.beyond(path, exchange);
    return [
      ...this.#queryFaults(found, exchange.url),
      ...this.#bodyFaults(found, exchange),
      ...this.#answerFaults(found, exchange),
    ];
  }

  /** The contract's path for a URL: the one with the fewest placeholders of those that fit. */
  protected pathOf(url: URL): string | null {
    if (!this.#base.test(url.pathname)) return null;
    const asked = url.pathname.replace(this.#base, "").split("/");
    const fits = Object.keys(this.#paths).filter((path) => {
      const parts = path.split("/");
      return parts.length === asked.length && parts.every((part, at) => part === asked[at] || /[{]/.test(part));
    });
    return fits.toSorted((a, b) => a.split("{").length - b.split("{").length)[0] ?? null;
  }

  /** A method that the contract does not describe for a path that it does. */
  protected beyond(path: string, { method }: Exchange): readonly string[] {
    return [`no ${method} at ${path}`];
  }

  /** Where the schema of what a path answers to a GET stands. */
  protected answerSchemaAt(path: string): string | null {
    const found = this.#operation(path, "GET");
    return found === null ? null : this.#answerAt(found, 200);
  }

  /** The part of the document at a JSON pointer, references followed. */
  protected at(where: string): { readonly at: string; readonly is: unknown } {
    const parts = where
      .split("/")
      .slice(1)
      .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"));
    const is = parts.reduce<unknown>(
      (value, part) => (typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined),
      this.#document,
    );
    const reference = z.object({ $ref: z.string().startsWith("#") }).safeParse(is);
    return reference.success ? this.at(reference.data.$ref.slice(1)) : { at: where, is };
  }

  #operation(path: string, method: string): Found | null {
    const at = pointer("paths", path, method.toLowerCase());
    const { is } = this.at(at);
    if (is === undefined) return null;
    const listed = [pointer("paths", path, "parameters"), `${at}/parameters`].flatMap((list) => {
      const there = z.array(z.unknown()).safeParse(this.at(list).is);
      return there.success ? there.data.map((_, index) => this.at(`${list}/${index}`)) : [];
    });
    const parameters = listed.map((one) => ({ at: one.at, is: Parameter.parse(one.is) }));
    return { path, parameters, operation: Operation.parse(is), at };
  }

  #queryFaults({ parameters }: Found, url: URL): readonly string[] {
    const known = new Map(parameters.filter(({ is }) => is.in === "query").map((one) => [one.is.name, one]));
    const given = [...url.searchParams].flatMap(([name, text]) => {
      const one = known.get(name);
      if (one === undefined) return [`no query parameter ${name}`];
      const schema = one.is.schema === undefined ? one.at : `${one.at}/schema`;
      return this.requests.faultsOfText(schema, text).map((fault) => `query parameter ${name} ${fault}`);
    });
    const missing = [...known.values()].filter(({ is }) => is.required && !url.searchParams.has(is.name));
    return [...given, ...missing.map(({ is }) => `query parameter ${is.name} is missing`)];
  }

  #bodyFaults({ operation, parameters, at }: Found, { body }: Exchange): readonly string[] {
    const inBody = parameters.find(({ is }) => is.in === "body");
    const schema = inBody === undefined ? this.#contentAt(`${at}/requestBody`) : `${inBody.at}/schema`;
    if (body === undefined || schema === null) {
      return body === undefined || operation.requestBody !== undefined ? [] : ["a body where none is taken"];
    }
    return this.requests.faults(schema, body).map((fault) => `body ${fault}`);
  }

  #answerFaults(found: Found, { status, answer }: Exchange): readonly string[] {
    // What any gateway may answer, few contracts list.
    if (status === null || status === 429 || status >= 500) return [];
    const { responses } = found.operation;
    if (responses[status] === undefined && responses.default === undefined) return [`no answer ${status} to this`];
    const schema = this.#answerAt(found, status);
    if (answer === undefined || schema === null) return [];
    return this.answers.faults(schema, answer).map((fault) => `answer ${status} ${fault}`);
  }

  #answerAt({ at, operation }: Found, status: number): string | null {
    const named = operation.responses[status] === undefined ? "default" : String(status);
    const answer = this.at(`${at}/responses/${named}`);
    if (z.object({ schema: z.object({}) }).safeParse(answer.is).success) return `${answer.at}/schema`;
    return this.#contentAt(answer.at);
  }

  /** Where the schema of JSON content stands, of whatever JSON it is. */
  #contentAt(where: string): string | null {
    const { at, is } = this.at(where);
    const content = z.object({ content: Content }).safeParse(is);
    if (!content.success) return null;
    const [type] = Object.keys(content.data.content).filter((name) => /json/.test(name));
    return type === undefined || content.data.content[type]?.schema === undefined
      ? null
      : `${at}${pointer("content", type, "schema")}`;
  }
}
