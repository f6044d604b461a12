import { createHash } from "node:crypto";
import type { DeliveredMail } from "../../world/world.ts";
import { type ParsedMail, parseMail } from "./mime.ts";
import { addressesOf } from "./mime-headers.ts";
import { Quota } from "./quota.ts";

/** Recipients of one message through the API, To, Cc and Bcc together. */
const MAX_RECIPIENTS = 100;

/** A message of the mailbox, draft or sent. */
export interface Message {
  readonly id: string;
  readonly threadId: string;
  readonly label: "DRAFT" | "SENT";
  /** ms, world time. */
  readonly at: number;
  readonly raw: Buffer;
  readonly parsed: ParsedMail;
  /** Gmail's own, whatever was supplied. */
  readonly messageId: string;
}

interface Draft {
  readonly id: string;
  readonly message: Message;
}

interface Sent {
  readonly message: Message;
  readonly mail: DeliveredMail;
  readonly bcc: readonly string[];
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

/** One user's mailbox: drafts, what was sent, and quota. */
export class Mailbox {
  readonly address: string;
  readonly drafts = new Map<string, Draft>();
  readonly sent = new Map<string, Sent>();
  readonly quota = new Quota();
  #count = 0;

  constructor(address: string) {
    this.address = address;
  }

  addDraft(raw: Buffer, at: number): Draft {
    const draft = {
      id: `r${BigInt(`0x${digest(`draft ${++this.#count}`).slice(0, 15)}`)}`,
      message: this.#message(raw, at, "DRAFT"),
    };
    this.drafts.set(draft.id, draft);
    return draft;
  }

  /** Removes the draft and adds a message with a new id: from now on the draft's id is unknown. */
  sendDraft(draft: Draft, at: number): Sent {
    this.drafts.delete(draft.id);
    const message = this.#message(draft.message.raw, at, "SENT");
    const sent = { message, mail: this.#delivered(message), bcc: recipients(message.parsed, "bcc") };
    this.sent.set(message.id, sent);
    this.quota.countSent(at);
    return sent;
  }

  /** Why the message cannot be sent, in Gmail's words; `null` when it can. */
  static refusal({ parsed }: Message): string | null {
    const all = ["to", "cc", "bcc"].flatMap((name) =>
      addressesOf(parsed.rawHeaders.get(name)).map((a) => [name, a] as const),
    );
    const invalid = all.find(([, address]) => address === null);
    if (invalid) return `Invalid ${invalid[0].charAt(0).toUpperCase()}${invalid[0].slice(1)} header`;
    if (all.length === 0) return "Recipient address required";
    return all.length > MAX_RECIPIENTS ? "Too many recipients" : null;
  }

  #message(raw: Buffer, at: number, label: Message["label"]): Message {
    const id = digest(`message ${++this.#count}`).slice(0, 16);
    const messageId = `<CA${digest(`Message-ID ${id}`).slice(0, 30)}@mail.gmail.com>`;
    return { id, threadId: id, label, at, raw, parsed: parseMail(raw), messageId };
  }

  #delivered({ parsed, messageId, at }: Message): DeliveredMail {
    // Gmail sets Message-ID itself and takes Bcc out; From is the mailbox's whatever was written.
    const kept = parsed.headers.filter(([name]) => !["message-id", "bcc", "from"].includes(name.toLowerCase()));
    const from = parsed.headers.find(([name]) => name.toLowerCase() === "from")?.[1] ?? "";
    const ownFrom = from.toLowerCase().includes(this.address.toLowerCase()) ? from : this.address;
    return {
      to: recipients(parsed, "to"),
      cc: recipients(parsed, "cc"),
      subject: headerOf(parsed, "subject"),
      headers: { ...Object.fromEntries(kept), From: ownFrom, "Message-ID": messageId },
      text: parsed.text,
      html: parsed.html,
      sentAt: new Date(at).toISOString(),
    };
  }
}

export const headerOf = (parsed: ParsedMail, name: string): string =>
  parsed.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? "";

const recipients = (parsed: ParsedMail, header: "to" | "cc" | "bcc"): string[] =>
  addressesOf(parsed.rawHeaders.get(header)).flatMap((address) => (address === null ? [] : [address]));
