import { z } from "zod";
import type { Contract } from "./contract.ts";
import type { Exchange } from "./exchange.ts";
import type { GraphModel, Place } from "./graph-model.ts";
import type { GraphPermissions } from "./graph-permissions.ts";
import { pointer, type Shapes } from "./shapes.ts";

export interface GraphParts {
  readonly model: GraphModel;
  /** Types of the v1.0 model that have a schema, closed. */
  readonly shapes: Shapes;
  readonly typesWithShape: ReadonlySet<string>;
  /** Properties and navigations that only the beta model's types have, by type. */
  readonly betaProperties: ReadonlyMap<string, ReadonlySet<string>>;
  readonly permissions: GraphPermissions;
  /** What the app is granted. */
  readonly granted: ReadonlySet<string>;
}

const OPTIONS = new Set([
  "$select",
  "$filter",
  "$expand",
  "$top",
  "$count",
  "$orderby",
  "$search",
  "$skip",
  "$skiptoken",
]);
const Batch = z.object({
  requests: z
    .array(z.object({ id: z.string(), method: z.string(), url: z.string(), body: z.unknown().optional() }))
    .max(20),
});
const BatchAnswer = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.number(), body: z.unknown().optional() })),
});
const List = z.object({ value: z.array(z.unknown()) });

/** Microsoft Graph: paths and query by the entity model, bodies and answers by the schemas made of it, rights by Microsoft's table. */
export class Graph implements Contract {
  readonly #parts: GraphParts;

  constructor(parts: GraphParts) {
    this.#parts = parts;
  }

  deviations(exchange: Exchange): readonly string[] {
    const [, version = "", path = ""] = /^\/(v1\.0|beta)(\/.*)$/.exec(decodeURIComponent(exchange.url.pathname)) ?? [];
    if (path === "/$batch") return this.#batched(exchange, version);
    const place = this.#parts.model.place(path) ?? (version === "beta" ? this.#onlyInBeta(path) : null);
    if (place === null) return ["no such path"];
    return [
      ...this.#queryFaults(place, exchange.url, version),
      ...(version === "beta" ? [] : [...this.#bodyFaults(place, exchange), ...this.#answerFaults(place, exchange)]),
      ...this.#rightFaults(exchange.method, path),
    ];
  }

  /** Of the beta model only the names are known: the last part of a path may be one of them. */
  #onlyInBeta(path: string): Place | null {
    const end = path.lastIndexOf("/");
    const { type = null } = this.#parts.model.place(path.slice(0, end)) ?? {};
    const known = type !== null && this.#parts.betaProperties.get(type)?.has(path.slice(end + 1)) === true;
    return known ? { type: null, collection: false, action: null } : null;
  }

  /** Each request of a batch is one by itself, and answered in any order. */
  #batched({ url, body, answer }: Exchange, version: string): readonly string[] {
    const batch = Batch.safeParse(body);
    if (!batch.success) return ["a batch that is none, or of more than 20"];
    const answers = BatchAnswer.safeParse(answer);
    const answered = new Map(answers.data?.responses.map((each) => [each.id, each]));
    return batch.data.requests.flatMap(({ id, method, url: inner, body: sent }) => {
      const part = answered.get(id);
      return this.deviations({
        method,
        url: new URL(`/${version}${inner}`, url),
        body: sent,
        status: part?.status ?? null,
        answer: part?.body,
      }).map((fault) => `in a batch: ${method} ${inner.replaceAll(/[0-9a-f-]{36}/g, "{id}")} ${fault}`);
    });
  }

  #queryFaults({ type, collection }: Place, url: URL, version: string): readonly string[] {
    const faults = [...url.searchParams.keys()]
      .filter((name) => !OPTIONS.has(name))
      .map((name) => `no query option ${name}`);
    const option = (name: string): string => url.searchParams.get(name) ?? "";
    const [filtered, expanded] = [option("$filter"), option("$expand")];
    if (filtered !== "" && !collection) faults.push("$filter of what is no collection");
    if (type === null) return faults;
    const known = (name: string): boolean =>
      name === "id" ||
      this.#parts.model.property(type, name) !== null ||
      (version === "beta" && this.#parts.betaProperties.get(type)?.has(name) === true);
    for (const name of option("$select")
      .split(",")
      .filter((each) => each !== ""))
      if (!known(name)) faults.push(`$select of ${name}, which ${type} has not`);
    const isLink = (name: string): boolean => this.#parts.model.navigation(type, name) !== null;
    for (const name of namesIn(filtered))
      if (!known(name) && !isLink(name)) faults.push(`$filter by ${name}, which ${type} has not`);
    for (const name of expandedBy(expanded))
      if (!isLink(name)) faults.push(`$expand of ${name}, which ${type} has not`);
    return faults;
  }

  #bodyFaults({ type, action }: Place, { method, body }: Exchange): readonly string[] {
    if (body === undefined) return [];
    if (typeof body !== "object" || body === null) return ["a body that is no object"];
    if (action === null)
      return type === null ? [] : this.#shapeFaults(type, body).map((fault) => `${method} body ${fault}`);
    return Object.entries(body).flatMap(([name, value]) => {
      const parameter = action.get(name);
      if (parameter === undefined) return [`the action takes no ${name}`];
      const values: readonly unknown[] = parameter.collection && Array.isArray(value) ? value : [value];
      return values.flatMap((each) => this.#shapeFaults(parameter.type, each)).map((fault) => `${name} ${fault}`);
    });
  }

  #answerFaults({ type, collection, action }: Place, { method, url, status, answer }: Exchange): readonly string[] {
    if (answer === undefined || type === null || action !== null || status === null || status >= 300) return [];
    const list = List.safeParse(answer);
    const listed = collection && method === "GET";
    if (listed && !list.success) return ["a collection without its values"];
    const values: readonly unknown[] = listed ? (list.data?.value ?? []) : [answer];
    const expanded = expandedBy(url.searchParams.get("$expand") ?? "");
    const faults = values.flatMap((each) => this.#expandedFaults(type, each, expanded));
    return [...new Set(faults)].map((fault) => `answer ${fault}`);
  }

  /** An object with others in it, each of which has a type of its own. */
  #expandedFaults(type: string, value: unknown, expanded: readonly string[]): readonly string[] {
    if (typeof value !== "object" || value === null) return this.#shapeFaults(type, value);
    const parts = Object.entries(value);
    const own = Object.fromEntries(parts.filter(([name]) => !expanded.includes(name)));
    const inner = parts.flatMap(([name, part]) => {
      const navigation = expanded.includes(name) ? this.#parts.model.navigation(type, name) : null;
      const each: readonly unknown[] = Array.isArray(part) ? part : [part];
      return navigation === null ? [] : each.flatMap((one) => this.#shapeFaults(navigation.type, one));
    });
    return [...this.#shapeFaults(type, own), ...inner];
  }

  #shapeFaults(type: string, value: unknown): readonly string[] {
    const { shapes, typesWithShape } = this.#parts;
    return typesWithShape.has(type) ? shapes.faults(pointer("$defs", type), value) : [];
  }

  #rightFaults(method: string, path: string): readonly string[] {
    const { permissions, granted } = this.#parts;
    const call = tableForm(path);
    const asTheApp = permissions.allowing("Application", method, call);
    const asAPerson = permissions.allowing("DelegatedWork", method, call);
    if (asTheApp.size + asAPerson.size === 0) return [`Microsoft's table of permissions has no ${method} ${call}`];
    // To a channel only a person posts, but for what moves whole histories in.
    const allowing = asTheApp.size === 0 || /^\/teams\/.*\/messages/.test(call) ? asAPerson : asTheApp;
    return [...allowing].some((one) => granted.has(one)) ? [] : [`none of our permissions allows ${method} ${call}`];
  }
}

/** A path as Microsoft's table writes it: `{id}` for each key, and `(appId={value})`. */
function tableForm(path: string): string {
  return (
    path
      // A cast changes no right.
      .replace(/\/microsoft\.graph\.\w+/, "")
      // A member's reference stands there without its ending.
      .replace(/(\/members\/[^/]+)\/\$ref$/, "$1")
      .replace(/\((\w+)='[^']*'\)/g, "($1={value})")
      .split("/")
      .map((part) => (/^([0-9a-f-]{36}|\d+|[^/]*[@:][^/]*|(?=.*\d)[A-Za-z0-9_=-]{40,})$/.test(part) ? "{id}" : part))
      .join("/")
  );
}

/** The navigations that `$expand` names. */
const expandedBy = (text: string): readonly string[] =>
  [...text.matchAll(/(\w+)(?:\([^)]*\))?(?:,|$)/g)].map(([, name = ""]) => name);

/** The properties that a filter names, by the first part of their paths. */
function namesIn(filter: string): ReadonlySet<string> {
  const bare = filter
    .replaceAll(/'(?:[^']|'')*'/g, "")
    .replaceAll(/\b\d[\w:.+-]*/g, "")
    // Within `any(t: …)` the variable stands for an element.
    .replaceAll(/\/(?:any|all)\((\w+):(?:[^()]|\([^()]*\))*\)/gi, "");
  const words = [...bare.matchAll(/(?<![\w/.])([A-Za-z]\w*)(?!\w*\()/g)].map(([, word = ""]) => word);
  return new Set(words.filter((word) => !/^(and|or|not|eq|ne|gt|ge|lt|le|in|has|true|false|null)$/.test(word)));
}
