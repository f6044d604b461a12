import type { Json } from "../model/plan.ts";

/** What in a call tells one step from another: the arguments that choose what is done, not whose rollout or how shown. */
const PRESENTATION = new Set(["rollout", "preview", "limit", "cursor", "detail"]);

/** Canonical text of a tool's arguments, the same for the same work. Flat values only, as tools take them. */
export function argsKey(args: Readonly<Record<string, Json | undefined>>): string {
  const kept = Object.entries(args).filter(([name, value]) => value !== undefined && !PRESENTATION.has(name));
  return JSON.stringify(Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))));
}
