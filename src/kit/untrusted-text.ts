/** Text that somebody outside wrote, marked so. The marks cannot occur inside, so the end of the text is never in doubt. */
const OPEN = "‹";
const CLOSE = "›";

/**
 * Characters that change how text around them is shown or hide text: controls, zero-width, direction marks, tags, lone
 * surrogates, and whatever Unicode says to ignore when it cannot be shown: fillers and variation selectors carry text.
 * @see https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{DI}\u2028\u2029]/gu;

/**
 * Makes outside text (names, titles, ticket and mail bodies) fit to show to a model: one line, nothing invisible, cut
 * to `most` characters, inside marks that it cannot close. It is data between the marks, whatever it says.
 */
export function untrusted(text: string, most = 80): string {
  const plain = text.normalize("NFKC").replace(/\s+/gu, " ").replace(UNSEEN, "").replace(/[‹›]/gu, "'").trim();
  const cut = [...plain].length > most ? `${[...plain].slice(0, most - 1).join("")}…` : plain;
  return `${OPEN}${cut}${CLOSE}`;
}

/** A name as it was before it was fenced: a model that copies one from an answer into an argument copies the marks too. */
export const unfenced = (text: string): string => text.replace(/^‹|›$/gu, "");
