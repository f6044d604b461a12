import { z } from "zod";
import type { SenderQuota } from "../../domain/mail/quota.ts";
import { ConnectorAmbiguousError, RolloutError } from "../../errors.ts";
import type { Check } from "../../ports/check.ts";
import type { MailerPort, OutgoingMail } from "../../ports/mailer.ts";
import type { GraphClient } from "../graph/graph-client.ts";
import { cancelled, pause } from "../http/pause.ts";
import { draftMessage, keyFilter, type Sender } from "./draft-message.ts";

interface Call {
  readonly signal: AbortSignal;
}

/** The id of a message changes when it moves from Drafts to Sent Items, unless every request asks for one that does not. */
const IMMUTABLE_IDS = 'IdType="ImmutableId"';
const WRITE = "the Exchange role “Application Mail.ReadWrite” (RBAC for Applications) scoped to the sender's mailbox";
const SEND = "the Exchange role “Application Mail.Send” (RBAC for Applications) scoped to the sender's mailbox";

/** Of one mailbox: 30 messages a minute. @see https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits */
const PER_MINUTE = 30;
/** A mailbox reaches 10,000 recipients a day, and a mail of ours has two at most: the user and the manager. */
const PER_DAY = 5_000;

/** Exchange takes a draft first and moves it later, as a rule within this time. */
const LEAVES_WITHIN_MS = 2_000;
/** One that it said it took is waited for this long, and looked at this often meanwhile. */
const SETTLES_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 500;

interface OutlookMailerOptions {
  readonly graph: GraphClient;
  /** Best a mailbox that nobody else drafts in. */
  readonly sender: Sender;
  /** Mails in any 24 hours, where not `PER_DAY`. */
  readonly dailyLimit?: number;
}

const Message = z.object({ id: z.string().min(1), isDraft: z.boolean() });
const Found = z.object({ value: z.array(Message) });

/**
 * Sends through a mailbox of Microsoft 365: a draft, then its sending, because `sendMail` can neither be looked up nor
 * safely repeated. "Sent" means that the draft has left; a bounce comes later, into the sender's mailbox.
 *
 * @see https://learn.microsoft.com/graph/outlook-immutable-id
 * @see https://learn.microsoft.com/graph/outlook-things-to-know-about-send-mail
 */
export class OutlookMailer implements MailerPort {
  readonly source: string;
  readonly quota: SenderQuota;
  readonly lagMs = LEAVES_WITHIN_MS;
  readonly #graph: GraphClient;
  readonly #sender: Sender;
  readonly #messages: string;

  constructor({ graph, sender, dailyLimit = PER_DAY }: OutlookMailerOptions) {
    this.source = `Outlook (${sender.address})`;
    this.quota = { perMinute: PER_MINUTE, perDay: dailyLimit };
    this.#graph = graph;
    this.#sender = sender;
    this.#messages = `/v1.0/users/${encodeURIComponent(sender.address)}/messages`;
  }

  checks(): readonly Check[] {
    return [
      async ({ signal }) => {
        const path = `${this.#messages}?$filter=${encodeURIComponent(keyFilter("none"))}&$select=id,isDraft`;
        const found = await this.#graph.find(path, { schema: Found, permission: WRITE, signal });
        if (found === null) {
          const mend = "Correct mail.sender.address, or have the customer make that mailbox.";
          return [{ state: "wrong", text: "The tenant has no such mailbox.", mend }];
        }
        return [
          { state: "good", text: "The app may draft in this mailbox." },
          { state: "unknown", text: "Whether it may send (Application Mail.Send) shows only when it does." },
        ];
      },
    ];
  }

  async createDraft(mail: OutgoingMail, { signal }: Call): Promise<{ readonly draftId: string }> {
    try {
      const { id } = await this.#graph.post(this.#messages, {
        schema: Message,
        permission: WRITE,
        signal,
        prefer: IMMUTABLE_IDS,
        body: draftMessage(mail, this.#sender),
      });
      return { draftId: joined(id, mail.key) };
    } catch (error) {
      if (!(error instanceof ConnectorAmbiguousError)) throw error;
      // A draft that we lost sight of reaches nobody, so making another one is safe and nothing need be looked up.
      throw signal.aborted ? cancelled() : this.#graph.errors.unavailable(error.details);
    }
  }

  async sendDraft(draftId: string, { signal }: Call): Promise<{ readonly messageId: string }> {
    const { id } = parted(draftId);
    await this.#graph.post(`${this.#messages}/${encodeURIComponent(id)}/send`, {
      schema: z.unknown(),
      permission: SEND,
      signal,
      prefer: IMMUTABLE_IDS,
      acceptedSuffices: true,
    });
    // Exchange has no other answer than 202, which may lead to nothing. It refuses a draft that it has taken, so sending
    // this one again is safe; whatever keeps us from seeing it gone leaves its end open, and is no failure of its own.
    const hasLeft = await this.#leaves(draftId, signal).catch((error: unknown) => {
      if (error instanceof RolloutError) return false;
      throw error;
    });
    if (!hasLeft) throw this.#graph.errors.ambiguous({ status: 202 });
    return { messageId: id };
  }

  /** Whether the draft is seen to leave in time. */
  async #leaves(draftId: string, signal: AbortSignal): Promise<boolean> {
    const until = performance.now() + SETTLES_WITHIN_MS;
    while ((await this.draftState(draftId, { signal })) === "waiting") {
      if (performance.now() >= until) return false;
      await pause(LOOK_AGAIN_MS, signal);
    }
    return true;
  }

  /**
   * A message in Sent Items appears there some time after it was sent, and until then is not found by its id, nor is one
   * that is gone for good. "Not found" counts only when a search by the key, answered by Graph, agrees.
   */
  async draftState(draftId: string, { signal }: Call): Promise<"waiting" | "sent"> {
    const { id, key } = parted(draftId);
    const call = { permission: WRITE, signal, prefer: IMMUTABLE_IDS };
    const message = await this.#graph.find(`${this.#messages}/${encodeURIComponent(id)}?$select=id,isDraft`, {
      schema: Message,
      ...call,
    });
    if (message !== null) return message.isDraft ? "waiting" : "sent";
    const filter = encodeURIComponent(keyFilter(key));
    const { value } = await this.#graph.get(`${this.#messages}?$filter=${filter}&$select=id,isDraft`, {
      schema: Found,
      ...call,
    });
    // Another draft of this key is litter of a creation whose answer was lost.
    return value.find((one) => one.id === id)?.isDraft === true ? "waiting" : "sent";
  }
}

/** Graph's id, which is base64url, and after a space our key, by which the message is found when its id is not. */
const joined = (id: string, key: string): string => `${id} ${key}`;

function parted(draftId: string): { readonly id: string; readonly key: string } {
  const [id = "", ...key] = draftId.split(" ");
  return { id, key: key.join(" ") };
}
