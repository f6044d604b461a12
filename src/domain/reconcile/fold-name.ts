/**
 * The form in which names are compared, for suggestions only: no marks, no punctuation, words in any order, so that
 * "O'Brien, Zoë" and "Zoe OBrien" are alike. Empty for a name without letters.
 */
export function foldName(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/[\p{M}'’]/gu, "")
    .toLowerCase();
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).sort().join(" ");
}
