import MailComposer from "nodemailer/lib/mail-composer";
import type { OutgoingMail } from "../../ports/mailer.ts";

const KEY_HEADER = "X-MFA-Rollout-Key";

interface Sender {
  /** The mailbox that sends. */
  readonly address: string;
  /** Name that readers see beside it. */
  readonly name: string;
}

/**
 * The mail as Gmail takes it: RFC 5322 in base64url.
 *
 * `Auto-Submitted` keeps out-of-office replies away (RFC 3834). Gmail replaces Message-ID, so the key travels in a
 * header of our own. Reading files or addresses for content is off: the texts come from a procedure.
 */
export async function composeMail(mail: OutgoingMail, sender: Sender): Promise<string> {
  const composer = new MailComposer({
    from: { name: sender.name, address: sender.address },
    to: { name: mail.toName, address: mail.to },
    cc: [...mail.cc],
    ...(mail.replyTo !== null && { replyTo: mail.replyTo }),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: { [KEY_HEADER]: mail.key, "Auto-Submitted": "auto-generated" },
    // The composer would write "X-Mfa-Rollout-Key".
    normalizeHeaderKey: (name) => (name.toLowerCase() === KEY_HEADER.toLowerCase() ? KEY_HEADER : name),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const source = await composer.compile().build();
  return source.toString("base64url");
}
