import type { SenderQuota } from "../domain/mail/quota.ts";
import type { SmtpAddress } from "../domain/model/ids.ts";
import type { Checked } from "./check.ts";

interface Call {
  readonly signal: AbortSignal;
}

export interface OutgoingMail {
  readonly to: SmtpAddress;
  readonly toName: string;
  readonly cc: readonly SmtpAddress[];
  readonly replyTo: SmtpAddress | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Key of the effect, sent as header `X-MFA-Rollout-Key`. */
  readonly key: string;
}

/** Mail goes out in two moves, so that a lost answer can be looked up: a draft, then the sending of that draft. */
export interface MailerPort extends Checked {
  /**
   * The mailbox that sends, by system and address. It is noted beside a draft, since only this mailbox can say what became
   * of it; so it changes with the mailbox and with nothing else.
   */
  readonly source: string;
  /** What the mailbox may send. Whoever sends keeps to it; whatever else sends from there is not known here. */
  readonly quota: SenderQuota;
  /** How long a draft that was sent may still show as one, in milliseconds; none where sending ends it at once. */
  readonly lagMs?: number;
  /** Puts a draft in the sender's mailbox and returns its id, which stays the same until it is sent. */
  createDraft(mail: OutgoingMail, call: Call): Promise<{ readonly draftId: string }>;
  /** Sends it. Not repeatable by itself: ask `draftState` first when the answer was lost. */
  sendDraft(draftId: string, call: Call): Promise<{ readonly messageId: string }>;
  /** `waiting`: still a draft, so not sent. `sent`: gone from the drafts, which only sending by us does. */
  draftState(draftId: string, call: Call): Promise<"waiting" | "sent">;
}
