/**
 * One line of plain text out of text from outside: no control characters, line breaks or marks that turn the direction
 * of writing or hide letters, so that a name can neither start a new line nor show as something else. The letters
 * themselves stay as they are.
 */
export function plainLine(text: string): string {
  return (
    text
      .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
      // Direction marks, embeddings, overrides and isolates; zero-width space, word joiner, BOM; tag characters.
      .replace(/[\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu, "")
      .replace(/\s+/gu, " ")
      .trim()
  );
}
