const ENCODED_WORD = /=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/gi;

/** Decodes RFC 2047 words in a header given as latin1; raw 8-bit bytes are taken as UTF-8 (RFC 6532). */
export function decodeHeaderValue(value: string): string {
  // White space between two encoded words belongs to neither (RFC 2047 §6.2), and one character may be cut in two.
  const joined = value.replace(/(\?=)\s+(?==\?)/g, "$1");
  let result = "";
  let rest = 0;
  let pending: { charset: string; bytes: Buffer[] } | undefined;
  const flush = (): void => {
    if (pending) result += new TextDecoder(pending.charset).decode(Buffer.concat(pending.bytes));
    pending = undefined;
  };
  for (const match of joined.matchAll(ENCODED_WORD)) {
    const [whole, charset = "utf-8", encoding = "q", payload = ""] = match;
    if (match.index > rest) {
      flush();
      result += utf8(joined.slice(rest, match.index));
    }
    if (pending && pending.charset !== charset.toLowerCase()) flush();
    pending ??= { charset: charset.toLowerCase(), bytes: [] };
    pending.bytes.push(encoding.toLowerCase() === "b" ? Buffer.from(payload, "base64") : decodeQ(payload));
    rest = match.index + whole.length;
  }
  flush();
  return result + utf8(joined.slice(rest));
}

function decodeQ(payload: string): Buffer {
  const spaced = payload.replaceAll("_", " ");
  const bytes = spaced.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1");
}

const utf8 = (latin1: string): string => Buffer.from(latin1, "latin1").toString("utf8");

/**
 * Plain addresses of a To, Cc or Bcc header, in order. Takes the header before decoding. An entry that holds no
 * address comes back as `null`, which Gmail refuses.
 */
export function addressesOf(header: string | undefined): readonly (string | null)[] {
  if (header === undefined || header.trim() === "") return [];
  return splitList(header).map((entry) => {
    const inBrackets = /<([^<>]*)>\s*$/.exec(entry)?.[1];
    const address = (inBrackets ?? entry).trim();
    return /^[^\s@<>"]+@[^\s@<>"]+$/.test(address) ? utf8(address) : null;
  });
}

/** Splits at commas that stand outside quotes and angle brackets. */
function splitList(header: string): string[] {
  const entries: string[] = [];
  let entry = "";
  let quoted = false;
  let bracketed = false;
  for (let index = 0; index < header.length; index += 1) {
    const character = header.charAt(index);
    if (character === "\\" && quoted) {
      entry += character + header.charAt(index + 1);
      index += 1;
      continue;
    }
    if (character === '"') quoted = !quoted;
    if (!quoted && (character === "<" || character === ">")) bracketed = character === "<";
    if (character === "," && !quoted && !bracketed) {
      entries.push(entry);
      entry = "";
    } else {
      entry += character;
    }
  }
  return [...entries, entry].map((text) => text.trim()).filter((text) => text !== "");
}
