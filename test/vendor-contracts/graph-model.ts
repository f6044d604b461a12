import { DOMParser, type Element } from "@xmldom/xmldom";

interface Navigation {
  readonly type: string;
  readonly collection: boolean;
}
interface TypeFacts {
  readonly base: string | null;
  readonly properties: ReadonlyMap<string, Navigation>;
  readonly navigations: ReadonlyMap<string, Navigation>;
}

/** What a path leads to. `type` is null for what has none, such as `$ref` and the answer of an action. */
export interface Place {
  readonly type: string | null;
  readonly collection: boolean;
  /** Parameters of the action that the path ends in. */
  readonly action: ReadonlyMap<string, Navigation> | null;
}

/**
 * The entity model of Microsoft Graph, read from its CSDL.
 *
 * @see OData CSDL XML 4.01
 */
export class GraphModel {
  readonly #types = new Map<string, TypeFacts>();
  readonly #roots = new Map<string, Navigation>();
  /** Actions and functions by the type they are bound to and their name. */
  readonly #operations = new Map<string, ReadonlyMap<string, Navigation>>();

  constructor(csdl: string) {
    for (const schema of elements(new DOMParser().parseFromString(csdl, "text/xml"), "Schema")) {
      const namespace = schema.getAttribute("Namespace") ?? "";
      for (const kind of ["EntityType", "ComplexType"])
        for (const each of elements(schema, kind)) this.#types.set(`${namespace}.${nameOf(each)}`, factsOf(each));
      for (const each of elements(schema, "EntitySet"))
        this.#roots.set(nameOf(each), { type: full(each.getAttribute("EntityType")), collection: true });
      for (const each of elements(schema, "Singleton")) this.#roots.set(nameOf(each), referenceOf(each));
      for (const each of [...elements(schema, "Action"), ...elements(schema, "Function")]) this.#bind(each);
    }
  }

  /** Where a path without its version leads, such as `/users/{id}/mailboxSettings`; `null` where it leads nowhere. */
  place(path: string): Place | null {
    const [first = "", ...rest] = path.split("/").filter((part) => part !== "");
    const root = this.#roots.get(first.replace(/\(.*\)$/, ""));
    if (root === undefined) return null;
    let here: Place = { ...root, collection: root.collection && !first.endsWith(")"), action: null };
    for (const segment of rest) {
      const next = this.#step(here, decodeURIComponent(segment));
      if (next === null) return null;
      here = next;
    }
    return here;
  }

  property(type: string, name: string): Navigation | null {
    return this.#inherited(type, ({ properties }) => properties.get(name));
  }

  navigation(type: string, name: string): Navigation | null {
    return this.#inherited(type, ({ navigations }) => navigations.get(name));
  }

  #step(here: Place, segment: string): Place | null {
    if (here.type === null) return null;
    // A cast: those of the collection that are of that type.
    if (segment.startsWith("microsoft.graph.")) return this.#types.has(segment) ? { ...here, type: segment } : null;
    if (segment === "$ref" || segment === "$count") return { type: null, collection: false, action: null };
    const operation = this.#operations.get(`${this.#bound(here.type, segment)} ${segment}`);
    if (operation !== undefined) return { type: null, collection: false, action: operation };
    if (here.collection) return { ...here, collection: false };
    const next = this.navigation(here.type, segment) ?? this.property(here.type, segment);
    return next === null ? null : { ...next, action: null };
  }

  /** The type among this one and its ancestors to which an operation of that name is bound. */
  #bound(type: string, operation: string): string {
    for (let at: string | null = type; at !== null; at = this.#types.get(at)?.base ?? null)
      if (this.#operations.has(`${at} ${operation}`)) return at;
    return type;
  }

  #inherited(type: string, of: (facts: TypeFacts) => Navigation | undefined): Navigation | null {
    for (let at: string | null = type; at !== null; ) {
      const facts: TypeFacts | undefined = this.#types.get(at);
      if (facts === undefined) return null;
      const found = of(facts);
      if (found !== undefined) return found;
      at = facts.base;
    }
    return null;
  }

  #bind(operation: Element): void {
    const [binding, ...others] = elements(operation, "Parameter");
    if (operation.getAttribute("IsBound") !== "true" || binding === undefined) return;
    const parameters = new Map(others.map((each) => [nameOf(each), referenceOf(each)]));
    this.#operations.set(`${referenceOf(binding).type} ${nameOf(operation)}`, parameters);
  }
}

const elements = (under: Pick<Element, "getElementsByTagName">, name: string): readonly Element[] =>
  Array.from(under.getElementsByTagName(name));
const nameOf = (element: Element): string => element.getAttribute("Name") ?? "";

/** The namespace's alias is `graph`. */
const full = (type: string | null): string => (type ?? "").replace(/^graph\./, "microsoft.graph.");

function referenceOf(element: Element): Navigation {
  const type = element.getAttribute("Type") ?? "";
  const inner = /^Collection\((.*)\)$/.exec(type)?.[1];
  return { type: full(inner ?? type), collection: inner !== undefined };
}

function factsOf(element: Element): TypeFacts {
  const named = (kind: string) => new Map(elements(element, kind).map((each) => [nameOf(each), referenceOf(each)]));
  const base = element.getAttribute("BaseType");
  return {
    base: base === null || base === "" ? null : full(base),
    properties: named("Property"),
    navigations: named("NavigationProperty"),
  };
}
