const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " " };

/**
 * The marker as the last, small line of a message. It is plain text, because Teams removes comments and attributes
 * that it does not know, and the marker must be there when the message is read back.
 */
export const withMarker = (html: string, marker: string): string =>
  `${html}<p><small>${escapeHtml(marker)}</small></p>`;

/** True when a message, as Teams gives it back, carries the marker. */
export const hasMarker = (html: string, marker: string): boolean => toText(html).includes(marker);

/** The message as the Markdown that a text block of an Adaptive Card shows: links, list items, bold, line breaks. */
export function toCardMarkdown(html: string): string {
  const marked = html
    .replace(/\s+/g, " ")
    .replace(/<\/(?:p|div|h[1-6]|ul|ol)>|<br\s*\/?>/gi, "$&\n\n")
    .replace(/<a\b[^>]*\bhref="([^"]*)"[^>]*>(.*?)<\/a>/gi, "[$2]($1)")
    .replace(/<\/?(?:b|strong|h[1-6])\b[^>]*>/gi, "**")
    .replace(/<li\b[^>]*>/gi, "\n- ");
  return toText(marked)
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** The text of a fragment of HTML. Strangers write in the channel, so an impossible entity stays as it is. */
function toText(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replace(/&(?:#(\d{1,6})|(amp|lt|gt|quot|nbsp));/g, (whole, code: string | undefined, name: string | undefined) =>
      code === undefined ? (ENTITIES[name ?? ""] ?? whole) : String.fromCodePoint(Number(code)),
    );
}

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
