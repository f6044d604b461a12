import { shortHash } from "../model/short-hash.ts";

/** A short text that changes when the set does; order does not matter. For noticing a change, never for proving one. */
export function fingerprint(ids: Iterable<string>): string {
  const sorted = [...new Set(ids)].sort();
  return `${sorted.length}:${shortHash(...sorted)}`;
}
