import { decodeHeaderValue } from "./mime-headers.ts";

/** A mail as a receiver sees it: header names as sent, values unfolded and decoded; bodies decoded to text. */
export interface ParsedMail {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Values before decoding, for parsing addresses: an encoded name may hold a comma. */
  readonly rawHeaders: ReadonlyMap<string, string>;
  readonly text: string;
  readonly html: string;
}

interface Part {
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/**
 * Reads RFC 5322 and MIME (RFC 2045 to 2047). Works on latin1 text, one character a byte, so that splitting never
 * harms a multi-byte character. Attachments are passed over.
 */
export function parseMail(raw: Buffer): ParsedMail {
  const part = splitPart(raw.toString("latin1"));
  const bodies = { text: "", html: "" };
  collectBodies(part, bodies);
  return {
    headers: part.fields.map(([name, value]) => [name, decodeHeaderValue(value)] as const),
    rawHeaders: new Map(part.fields.map(([name, value]) => [name.toLowerCase(), value])),
    ...bodies,
  };
}

function splitPart(source: string): Part {
  const end = /\r?\n\r?\n/.exec(`${source}\r\n\r\n`);
  const head = source.slice(0, end?.index ?? source.length);
  const body = source.slice((end?.index ?? source.length) + (end?.[0].length ?? 0));
  const unfolded = head.replace(/\r?\n(?=[ \t])/g, "");
  const fields = unfolded.split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(":");
    return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const] : [];
  });
  return { fields, body };
}

function collectBodies(part: Part, into: { text: string; html: string }): void {
  const type = field(part, "content-type") || "text/plain; charset=us-ascii";
  const kind = type.split(";")[0]?.trim().toLowerCase() ?? "";
  if (kind.startsWith("multipart/")) {
    for (const inner of splitMultipart(part.body, parameter(type, "boundary"))) collectBodies(inner, into);
    return;
  }
  if (/^attachment/i.test(field(part, "content-disposition"))) return;
  if (kind === "text/plain" && into.text === "") into.text = decodeBody(part, parameter(type, "charset"));
  if (kind === "text/html" && into.html === "") into.html = decodeBody(part, parameter(type, "charset"));
}

function splitMultipart(body: string, boundary: string): Part[] {
  const pieces = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1);
  return pieces.filter((piece) => !piece.startsWith("--")).map((piece) => splitPart(piece.replace(/^[ \t]*\r?\n/, "")));
}

function decodeBody(part: Part, charset: string): string {
  const bytes = decodeTransfer(part.body, field(part, "content-transfer-encoding").toLowerCase());
  return new TextDecoder(charset === "" ? "utf-8" : charset).decode(bytes).replaceAll("\r\n", "\n");
}

function decodeTransfer(body: string, encoding: string): Buffer {
  if (encoding === "base64") return Buffer.from(body, "base64");
  if (encoding !== "quoted-printable") return Buffer.from(body, "latin1");
  const joined = body.replace(/=[ \t]*\r?\n/g, "");
  const bytes = joined.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1");
}

function field(part: Part, name: string): string {
  return part.fields.find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
}

function parameter(header: string, name: string): string {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]*))`, "i").exec(header);
  return match?.[1] ?? match?.[2] ?? "";
}
