/** How often each word occurs, in the order of first occurrence. */
export function tally<Word extends string>(words: Iterable<Word>): Partial<Record<Word, number>> {
  const counts: Partial<Record<Word, number>> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
