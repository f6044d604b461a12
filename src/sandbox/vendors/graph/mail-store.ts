import type { DeliveredMail, World } from "../../world/world.ts";
import { isObject, type Json } from "./request-body.ts";
import { Throttle } from "./throttle.ts";

/** Exchange Online takes so many messages a minute from one mailbox: "Exchange Online limits", sending limits. */
const MESSAGES_PER_MINUTE = 30;
/** How often, and how long, a message that was taken still shows as a draft, because the transport comes for it later. */
const STAYS_SHARE = 0.3;
const STAYS_MS = 900;
/** How often, and how long, a sent message is in neither Drafts nor Sent Items. */
const LAG_SHARE = 0.3;
const LAG_MS = 1_500;
const AUTO_SUBMITTED = /^String \{00020386-0000-0000-C000-000000000046\} Name (.+)$/i;

export interface MailMessage {
  /** Stays when the message moves from Drafts to Sent Items; of the other ids it has one in each. */
  readonly immutableId: string;
  readonly draftId: string;
  readonly sentId: string;
  readonly content: Json;
  readonly createdAt: number;
  /** World time at which it leaves Drafts; `null` before it is sent. One that waits to leave is sent no second time. */
  leavesAt: number | null;
  /** World time before which nobody finds it, once it has left Drafts. */
  shownFrom: number;
}

/** Whether a message is in Drafts at this world time. */
export const isDraft = ({ leavesAt }: MailMessage, now: number): boolean => leavesAt === null || now < leavesAt;

/** Messages of the mailboxes that the app uses, in the order of their making. */
export class MailStore {
  readonly messages: { readonly mailbox: string; readonly message: MailMessage }[] = [];
  readonly sent: DeliveredMail[] = [];
  readonly throttle = new Throttle(MESSAGES_PER_MINUTE, 60_000);
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  shownIn(mailbox: string): readonly MailMessage[] {
    const now = this.#world.now();
    return this.messages.flatMap((one) =>
      one.mailbox === mailbox && (isDraft(one.message, now) || one.message.shownFrom <= now) ? [one.message] : [],
    );
  }

  find(mailbox: string, id: string): MailMessage | undefined {
    return this.shownIn(mailbox).find((message) => message.immutableId === id || this.idOf(message) === id);
  }

  /** The id that a message has in the folder in which it is now. */
  idOf(message: MailMessage): string {
    return isDraft(message, this.#world.now()) ? message.draftId : message.sentId;
  }

  addDraft(mailbox: string, content: Json): MailMessage {
    const number = this.messages.length + 1;
    const createdAt = this.#world.now();
    const immutableId = this.#id(`immutable ${number}`);
    const message = {
      immutableId,
      draftId: this.#id(`drafts ${number}`),
      sentId: this.#id(`sent ${immutableId}`),
      content,
      createdAt,
      leavesAt: null,
      shownFrom: createdAt,
    };
    this.messages.push({ mailbox, message });
    return message;
  }

  /** Moves it to Sent Items, where it gets another id: some at once, some a while later. */
  send(mailbox: string, message: MailMessage): DeliveredMail {
    const now = this.#world.now();
    const chance = (what: string): number => this.#world.chance(`${what} ${message.immutableId}`);
    message.leavesAt = chance("taken draft") < STAYS_SHARE ? now + STAYS_MS : now;
    message.shownFrom = message.leavesAt + (chance("sent copy") < LAG_SHARE ? LAG_MS : 0);
    const mail = delivered(mailbox, message, now);
    this.sent.push(mail);
    return mail;
  }

  /** Ids as Outlook makes them: long, and of the letters of base64url. */
  #id(key: string): string {
    return `AAMkA${Buffer.from(this.#world.guid(`mail ${key}`)).toString("base64url")}`;
  }
}

export const addressesIn = (recipients: unknown): readonly string[] =>
  (Array.isArray(recipients) ? recipients : []).map((one) => String(one?.emailAddress?.address ?? ""));

function delivered(mailbox: string, { content, immutableId }: MailMessage, now: number): DeliveredMail {
  const html = isObject(content.body) ? String(content.body.content ?? "") : "";
  // Written as lines and read again, so that a line break in a value would show as a header of its own.
  const lines = [
    `From: ${shown(content.from) || mailbox}`,
    `To: ${listed(content.toRecipients)}`,
    `Cc: ${listed(content.ccRecipients)}`,
    `Reply-To: ${listed(content.replyTo)}`,
    `Subject: ${String(content.subject ?? "")}`,
    `Message-ID: <${immutableId.slice(-24)}@namprd00.prod.outlook.com>`,
    ...pairs(content.internetMessageHeaders, "name").map(([name, value]) => `${name}: ${value}`),
    ...pairs(content.singleValueExtendedProperties, "id").flatMap(([id, value]) => {
      const name = AUTO_SUBMITTED.exec(id)?.[1];
      return name === undefined ? [] : [`${name}: ${value}`];
    }),
  ];
  const headers = lines
    .join("\r\n")
    .split("\r\n")
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()] as const)
    .filter(([, value]) => value !== "");
  return {
    to: addressesIn(content.toRecipients),
    cc: addressesIn(content.ccRecipients),
    subject: String(content.subject ?? ""),
    headers: Object.fromEntries(headers),
    text: textOf(html),
    html,
    sentAt: new Date(now).toISOString(),
  };
}

const listed = (recipients: unknown): string => (Array.isArray(recipients) ? recipients.map(shown).join(", ") : "");

function shown(recipient: unknown): string {
  const { name, address } = isObject(recipient) && isObject(recipient.emailAddress) ? recipient.emailAddress : {};
  if (typeof address !== "string") return "";
  return typeof name === "string" && name !== "" ? `${name} <${address}>` : address;
}

const pairs = (list: unknown, key: string): readonly (readonly [string, string])[] =>
  (Array.isArray(list) ? list : []).map((one) => [String(one?.[key] ?? ""), String(one?.value ?? "")] as const);

/** The plain text that Exchange puts beside an HTML body; links keep their address. */
function textOf(html: string): string {
  return html
    .replace(/<a\s[^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gis, "$2<$1>")
    .replace(/<(?:br|\/p|\/div|\/li|\/tr|\/h\d)[^>]*>/gi, "\n")
    .replace(/<(?!https?:)[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
