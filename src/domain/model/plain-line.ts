/**
 * One line of plain text out of text from outside: no control characters, line breaks or marks that turn the direction
 * of writing or hide letters, so that a name can neither start a new line nor show as something else. The letters
 * themselves stay as they are.
 */
export function plainLine(text: string): string {
  return (
    text
      .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
      // Whatever Unicode says to ignore when it cannot be shown: direction marks, zero-width spaces, tags, variation
      // selectors, fillers. The two joiners stay, since Persian and Indian names are written with them. Half a pair is no letter.
      .replace(/[[\p{DI}\p{Cs}]--[\u200C\u200D]]/gv, "")
      .replace(/\s+/gu, " ")
      .trim()
  );
}
