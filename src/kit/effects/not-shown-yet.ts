import { ConnectorLagError } from "../../errors.ts";

/** Reads lag the writes by seconds; a change not seen after this many looks is said to be unseen. */
const LOOKS = 8;

/**
 * What the first read that shows a change says. The connector's pace lies between the reads.
 * @param taken - What the vendor took: "Entra has made the policy".
 * @param read - `null` while the change does not show.
 * @throws {ConnectorLagError} none of the reads showed it.
 */
export async function onceShown<T>(taken: string, read: () => Promise<T | null>): Promise<T> {
  for (let look = 0; look < LOOKS; look++) {
    const shown = await read();
    if (shown !== null) return shown;
  }
  throw notShownYet(taken);
}

/** @param taken - What the vendor took: "Entra has made the policy". */
export const notShownYet = (taken: string): ConnectorLagError =>
  new ConnectorLagError(`${taken} but does not show it yet.`, {
    nextStep: "Call the same tool again in a minute; it looks first and repeats nothing that is done.",
  });
