import { DAY_MS, HOUR_MS } from "./calendar.ts";
import type { Luck } from "./luck.ts";
import type { Account, DeliveredMail, TicketRaised } from "./world.ts";

/** The mails that people act on carry this header; other mail is only read. */
const ROLLOUT_HEADER = "x-mfa-rollout-key";
/** Share of the people who need a second mail. */
const SLOW_SHARE = 0.1;
const STRONG_METHODS: readonly [string, ...string[]] = [
  "microsoftAuthenticatorPush",
  "softwareOneTimePasscode",
  "mobilePhone",
];

const SECURITY_KEY = "fido2";

const MFA_QUESTIONS = [
  ["Can't set up the authenticator", "The app asks me to scan a code but the page shows none. What do I do?"],
  ["MFA code never arrives", "I chose text messages and wait for the code since this morning. Nothing comes."],
  ["New phone – 2FA", "I get a new phone on Friday. Shall I set up the second factor now or wait?"],
  ["Question about yesterday's e-mail", "Is the mail about MFA genuine? I do not want to click on something bad."],
  ["Authenticator on a private phone?", "I have no company phone. Do I have to use my own for MFA?"],
  [
    "Multi-factor sign-in at the packing line",
    "We share one terminal at the line. How is multi-factor meant to work there?",
  ],
] as const;

const OTHER_QUESTIONS = [
  ["Printer on floor 2 jams", "The big printer next to the kitchen jams at every second page."],
  ["VPN drops every hour", "Since Monday my connection from home is lost about once an hour."],
  ["Need a larger mailbox", "Outlook says that my mailbox is nearly full."],
  ["Monitor flickers", "The left monitor at my desk flickers after lunch."],
] as const;
/** Days after the start on which they are asked. */
const OTHER_DAYS = [1.2, 3.1, 8.3, 11.4] as const;

export interface ReactionParts {
  readonly luck: Luck;
  readonly schedule: (at: number, happen: () => void) => void;
  readonly accountByAddress: (address: string) => Account | undefined;
  /** Whether the account belongs to somebody who reads mail and acts on it at all. */
  readonly isAttentive: (accountId: string) => boolean;
  /** Who has none gets a security key from the manager, who is copied on each mail. */
  readonly hasPhone: (accountId: string) => boolean;
  readonly neverEnrols: ReadonlySet<string>;
  /** Always act on the first mail: people who have just joined. */
  readonly eager: ReadonlySet<string>;
  readonly ticketRaisers: readonly string[];
  readonly raise: (ticket: TicketRaised) => void;
}

/** What people do about the mail they get: they enrol some days later, and a few ask the helpdesk. */
export class Reactions {
  readonly #parts: ReactionParts;
  readonly #mails = new Map<string, number>();
  readonly #enrolling = new Set<string>();

  constructor(parts: ReactionParts) {
    this.#parts = parts;
  }

  /** Lets some people ask the helpdesk about other things, whatever the rollout does. */
  scheduleOtherQuestions(startsAt: number, askers: readonly Account[]): void {
    for (const [index, [summary, text]] of OTHER_QUESTIONS.entries()) {
      const account = askers[index];
      const at = startsAt + (OTHER_DAYS[index] ?? 1) * DAY_MS;
      if (account !== undefined) this.#parts.schedule(at, () => this.#ask(account, at, [summary, text]));
    }
  }

  deliver(mail: DeliveredMail): void {
    if (!Object.keys(mail.headers).some((name) => name.toLowerCase() === ROLLOUT_HEADER)) return;
    for (const recipient of mail.to) {
      const account = this.#parts.accountByAddress(/<([^>]+)>/.exec(recipient)?.[1] ?? recipient);
      if (account?.accountEnabled && this.#parts.isAttentive(account.id)) this.#read(account, Date.parse(mail.sentAt));
    }
  }

  #read(account: Account, sentAt: number): void {
    const { luck, neverEnrols, eager } = this.#parts;
    const { id } = account;
    const mails = (this.#mails.get(id) ?? 0) + 1;
    this.#mails.set(id, mails);
    if (mails === 1) this.#considerTicket(account, sentAt);
    if (neverEnrols.has(id) || this.#enrolling.has(id) || hasStrongMethod(account)) return;
    const isSlow = !eager.has(id) && luck.chance(`slow ${id}`) < SLOW_SHARE;
    if (isSlow && mails === 1) return;
    this.#enrolling.add(id);
    const at = sentAt + DAY_MS + luck.chance(`enrols ${id}`) * 3 * DAY_MS;
    this.#parts.schedule(at, () => this.#enrol(account, at));
  }

  /** A pass opens the way to registration for somebody who had none; whoever has a method needs no other. */
  enrolNow(account: Account, at: number): void {
    if (this.#enrolling.has(account.id) || hasStrongMethod(account)) return;
    this.#enrolling.add(account.id);
    this.#enrol(account, at);
  }

  #enrol(account: Account, at: number): void {
    if (!account.accountEnabled) return;
    const { luck, schedule, hasPhone } = this.#parts;
    const method = hasPhone(account.id) ? luck.pick(STRONG_METHODS, `method ${account.id}`) : SECURITY_KEY;
    account.methodsRegistered = [...account.methodsRegistered, method];
    // Entra itself turns per-user MFA from enabled to enforced with the registration.
    if (account.perUserMfa === "enabled") account.perUserMfa = "enforced";
    const reportedAt = at + (2 + luck.chance(`reported ${account.id}`) * 4) * HOUR_MS;
    schedule(reportedAt, () => {
      account.reported = {
        methodsRegistered: [...account.methodsRegistered],
        at: new Date(reportedAt).toISOString(),
      };
    });
  }

  #considerTicket(account: Account, sentAt: number): void {
    const { luck, ticketRaisers, schedule } = this.#parts;
    const question = MFA_QUESTIONS[ticketRaisers.indexOf(account.id)];
    if (question === undefined) return;
    // After some hours, and before they have settled it themselves.
    const at = sentAt + (3 + luck.chance(`asks ${account.id}`) * 20) * HOUR_MS;
    schedule(at, () => this.#ask(account, at, question));
  }

  #ask(account: Account, at: number, [summary, text]: readonly [string, string]): void {
    if (!account.accountEnabled) return;
    this.#parts.raise({
      contactName: account.displayName,
      contactEmail: account.mail ?? account.userPrincipalName,
      summary,
      text,
      at: new Date(at).toISOString(),
    });
  }
}

/** E-mail serves password reset alone. */
function hasStrongMethod(account: Account): boolean {
  return account.methodsRegistered.some((method) => method !== "email");
}
