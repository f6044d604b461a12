const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/**
 * Twelve hex digits that tell short keys apart (FNV-1a, 64 bits, cut to 48). For readable ids only: it is no
 * protection against somebody who wants a collision.
 * @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
 */
export function shortHash(...parts: readonly string[]): string {
  let hash = OFFSET;
  for (const character of JSON.stringify(parts)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * PRIME);
  }
  return hash.toString(16).padStart(16, "0").slice(-12);
}
