import { headerOf, type Message } from "./mailbox.ts";

/**
 * A message as the API shows it. `minimal`: ids and labels; `metadata`: headers too; `full`: bodies too; `raw`: the
 * source.
 * @see https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages
 */
export function viewMessage(message: Message, format: string, metadataHeaders: readonly string[] = []): unknown {
  const { id, threadId, label, at, raw, parsed } = message;
  const base = {
    id,
    threadId,
    labelIds: [label],
    snippet: parsed.text.replace(/\s+/g, " ").slice(0, 100),
    historyId: String(Math.floor(at / 1000)),
    internalDate: String(at),
    sizeEstimate: raw.length,
  };
  if (format === "minimal") return base;
  if (format === "raw") return { ...base, raw: raw.toString("base64url") };

  const wanted = metadataHeaders.map((name) => name.toLowerCase());
  const own = parsed.headers.filter(([name]) => name.toLowerCase() !== "message-id");
  const headers = [...own, ["Message-ID", message.messageId] as const]
    .filter(([name]) => format === "full" || wanted.length === 0 || wanted.includes(name.toLowerCase()))
    .map(([name, value]) => ({ name, value }));
  const mimeType = headerOf(parsed, "content-type").split(";")[0]?.trim() || "text/plain";
  if (format === "metadata") return { ...base, payload: { mimeType, headers } };
  const body = (text: string): { size: number; data: string } => ({
    size: Buffer.byteLength(text),
    data: Buffer.from(text).toString("base64url"),
  });
  const parts = [
    { partId: "0", mimeType: "text/plain", filename: "", headers: [], body: body(parsed.text) },
    { partId: "1", mimeType: "text/html", filename: "", headers: [], body: body(parsed.html) },
  ];
  return { ...base, payload: { partId: "", mimeType, filename: "", headers, body: { size: 0 }, parts } };
}
