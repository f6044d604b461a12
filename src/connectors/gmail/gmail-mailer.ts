import { createPrivateKey } from "node:crypto";
import type { gmail_v1, MethodOptions } from "@googleapis/gmail";
import { z } from "zod";
import type { SenderQuota } from "../../domain/mail/quota.ts";
import { ConfigurationError, ConnectorAmbiguousError } from "../../errors.ts";
import type { Check } from "../../ports/check.ts";
import type { MailerPort, OutgoingMail } from "../../ports/mailer.ts";
import { cancelled } from "../http/pause.ts";
import { composeMail } from "./compose-mail.ts";
import { GmailSession } from "./gmail-session.ts";

interface GmailMailerOptions {
  /** The service account, with domain-wide delegation of `gmail.compose` and nothing more. */
  readonly clientEmail: string;
  readonly privateKeyPem: string;
  /** The mailbox that sends: best one that nobody else drafts in. */
  readonly sender: string;
  /** Name that readers see beside the sender's address. */
  readonly senderName: string;
  /** Mails in any 24 hours; 2,000, which Google Workspace allows a mailbox, unless told. */
  readonly dailyLimit?: number;
  /** Longest wait for one answer. 20 s unless told. */
  readonly timeoutMs?: number;
  /** First pause between tries of a read, doubled each time. 150 ms unless told. */
  readonly backoffBaseMs?: number;
}

/**
 * A mailbox has 6,000 quota units a minute; drafting and sending a mail take 110, so that 54 would go. The rest is for
 * looking after lost answers (5 each).
 * @see https://developers.google.com/workspace/gmail/api/reference/quota
 */
const PER_MINUTE = 50;
/** In any 24 hours; a trial account has 500. @see https://support.google.com/a/answer/166852 */
const PER_DAY = 2_000;

const Draft = z.object({ id: z.string().min(1) });
const Message = z.object({ id: z.string().min(1) });
const Profile = z.object({ emailAddress: z.string() });

/**
 * Sends through Gmail with the scope `gmail.compose` alone.
 *
 * A draft's id never changes, and sending removes the draft, so "no such draft" proves that it went out (unless a person
 * deleted it by hand). "Sent" means accepted by Gmail; a bounce comes later, into the sender's mailbox.
 * @see https://developers.google.com/workspace/gmail/api/guides/drafts
 */
export class GmailMailer implements MailerPort {
  readonly source: string;
  readonly quota: SenderQuota;
  readonly #options: GmailMailerOptions;
  readonly #session: GmailSession;

  /** @throws {ConfigurationError} the private key is not a PEM key. */
  constructor(options: GmailMailerOptions) {
    checkKey(options.privateKeyPem);
    this.source = `Gmail (${options.sender})`;
    this.quota = { perMinute: PER_MINUTE, perDay: options.dailyLimit ?? PER_DAY };
    this.#options = options;
    this.#session = new GmailSession({ ...options, subject: options.sender });
  }

  /** Google gives a token for the mailbox only where the delegation holds the one scope with which drafts are sent. */
  checks(): readonly Check[] {
    return [
      async ({ signal }) => {
        const send = (gmail: gmail_v1.Gmail, options: MethodOptions) =>
          gmail.users.getProfile({ userId: "me" }, options);
        const profile = await this.#session.call({ send, schema: Profile, reads: true, signal });
        if (profile === null) throw this.#session.errors.contract("that it has no such mailbox");
        return [{ state: "good", text: "The service account may draft and send in this mailbox." }];
      },
    ];
  }

  async createDraft(mail: OutgoingMail, { signal }: { signal: AbortSignal }): Promise<{ readonly draftId: string }> {
    const raw = await composeMail(mail, { address: this.#options.sender, name: this.#options.senderName });
    try {
      const draft = await this.#session.call({
        send: (gmail, options) =>
          gmail.users.drafts.create({ userId: "me", requestBody: { message: { raw } } }, options),
        schema: Draft,
        reads: false,
        signal,
      });
      if (draft === null) throw this.#session.errors.rejected(404, null);
      return { draftId: draft.id };
    } catch (error) {
      if (!(error instanceof ConnectorAmbiguousError)) throw error;
      // A draft that we lost sight of reaches nobody, so making another one is safe and nothing need be looked up.
      throw signal.aborted ? cancelled() : this.#session.errors.unavailable(error.details);
    }
  }

  async sendDraft(draftId: string, { signal }: { signal: AbortSignal }): Promise<{ readonly messageId: string }> {
    const message = await this.#session.call({
      send: (gmail, options) => gmail.users.drafts.send({ userId: "me", requestBody: { id: draftId } }, options),
      schema: Message,
      reads: false,
      signal,
    });
    if (message === null) throw this.#session.errors.rejected(404, "notFound");
    return { messageId: message.id };
  }

  async draftState(draftId: string, { signal }: { signal: AbortSignal }): Promise<"waiting" | "sent"> {
    const draft = await this.#session.call({
      send: (gmail, options) => gmail.users.drafts.get({ userId: "me", id: draftId, format: "minimal" }, options),
      schema: Draft,
      reads: true,
      signal,
    });
    return draft === null ? "sent" : "waiting";
  }
}

function checkKey(pem: string): void {
  try {
    createPrivateKey(pem);
  } catch (cause) {
    throw new ConfigurationError("The private key of the Gmail service account cannot be read.", {
      nextStep:
        "Put the `private_key` of the service account's JSON key file, a PEM text, where the configuration points.",
      cause,
    });
  }
}
