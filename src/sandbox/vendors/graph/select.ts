import type { Json } from "./request-body.ts";

/** Keeps the properties that `$select` names, all where it names none, and annotations always. */
export function select(item: Json, url: URL): Json {
  const names = selected(url);
  if (names === null) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name) || name.startsWith("@")));
}

/** The names in `$select`, `null` where it is absent. */
export function selected(url: URL): readonly string[] | null {
  const text = url.searchParams.get("$select");
  return text === null ? null : text.split(",").map((name) => name.trim());
}
