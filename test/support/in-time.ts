/** A refusal that takes longer hangs. */
export const LONGEST_REFUSAL_MS = 2_000;

/** Asks, and fails when the answer took longer than it may, in ms; as long as a refusal unless told. */
export async function inTime<Answer>(
  ask: () => Promise<Answer>,
  longestMs: (answer: Answer) => number = () => LONGEST_REFUSAL_MS,
): Promise<Answer> {
  const began = performance.now();
  const answer = await ask();
  const took = performance.now() - began;
  if (took > longestMs(answer)) throw new Error(`it took ${Math.round(took)} ms`);
  return answer;
}
