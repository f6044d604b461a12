import type { NameStock, PersonName } from "./company-profile.ts";

/** Prime, and no divisor of the number of pairs, so that stepping by it meets every pair once before any comes again. */
const STRIDE = 1009;

/** The name of the `index`-th person; names repeat only after every pair of the lists has been used. */
export function nameOf({ given, surnames }: NameStock, index: number, offset: number): PersonName {
  const pair = (index * STRIDE + offset) % (given.length * surnames.length);
  return {
    given: given[pair % given.length] ?? "",
    surname: surnames[Math.floor(pair / given.length)] ?? "",
  };
}

/** The part before the @: lower case, without marks, spaces as dots; an apostrophe stays, as mail allows it. */
export function localPart({ given, surname, local }: PersonName): string {
  if (local !== undefined) return local;
  return `${given}.${surname}`
    .normalize("NFD")
    .replaceAll(/\p{Mark}/gu, "")
    .replaceAll("ø", "o")
    .replaceAll("Ł", "L")
    .replaceAll("ł", "l")
    .replaceAll(" ", ".")
    .toLowerCase();
}
