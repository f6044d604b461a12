import { plainLine } from "../../domain/model/plain-line.ts";
import type { OutgoingMail } from "../../ports/mailer.ts";

export interface Sender {
  /** The mailbox that sends. */
  readonly address: string;
  /** Name that readers see beside it, unless the directory has another. */
  readonly name: string;
}

const KEY_HEADER = "X-MFA-Rollout-Key";
/** Our own property set, so that no other app's property of this name is ever taken for ours. */
const KEY_PROPERTY = "String {5c1f0f0e-6f0b-4f0e-9d0a-2f6f5b8f4a71} Name mfaRolloutKey";
/** PS_INTERNET_HEADERS: a named property of this set becomes the header of its name. */
const AUTO_SUBMITTED = "String {00020386-0000-0000-C000-000000000046} Name Auto-Submitted";

/**
 * The mail as Graph takes it, HTML only: Exchange makes the plain text from it.
 *
 * The key travels twice: as a header for whoever reads the mail, and as a property by which the mailbox can be searched.
 * Graph takes headers of our own only at creation and only under `x-`, so `Auto-Submitted`, which keeps out-of-office
 * replies away (RFC 3834), goes as the property behind it; `X-Auto-Response-Suppress` says the same to Exchange.
 *
 * @see https://learn.microsoft.com/graph/api/user-post-messages
 * @see [MS-OXPROPS] PS_INTERNET_HEADERS, [MS-OXCMAIL] X-Auto-Response-Suppress
 */
export function draftMessage(mail: OutgoingMail, sender: Sender) {
  return {
    subject: plainLine(mail.subject),
    body: { contentType: "html", content: mail.html },
    from: recipient(sender.address, sender.name),
    toRecipients: [recipient(mail.to, mail.toName)],
    ccRecipients: mail.cc.map((address) => recipient(address)),
    replyTo: mail.replyTo === null ? [] : [recipient(mail.replyTo)],
    internetMessageHeaders: [
      { name: KEY_HEADER, value: mail.key },
      { name: "X-Auto-Response-Suppress", value: "All" },
    ],
    singleValueExtendedProperties: [
      { id: KEY_PROPERTY, value: mail.key },
      { id: AUTO_SUBMITTED, value: "auto-generated" },
    ],
  };
}

/** Finds messages of a key, wherever in the mailbox they are. */
export const keyFilter = (key: string): string =>
  `singleValueExtendedProperties/Any(ep: ep/id eq '${KEY_PROPERTY}' and ep/value eq '${key.replaceAll("'", "''")}')`;

const recipient = (address: string, name?: string) => ({
  emailAddress: { address, ...(name !== undefined && { name: plainLine(name) }) },
});
