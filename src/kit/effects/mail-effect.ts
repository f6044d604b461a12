import { z } from "zod";
import type { EffectSubject } from "../../domain/model/effect.ts";
import type { MailerPort, OutgoingMail } from "../../ports/mailer.ts";
import type { Effect } from "../../ports/rollout-store.ts";
import { GUARANTEES } from "./guarantees.ts";

/** `mailbox` is where the draft lies; notes from before it was kept have none and mean the mailbox that sends now. */
const Noted = z.object({ draftId: z.string().optional(), mailbox: z.string().optional() });

/**
 * One mail, once. The draft's id is recorded before the draft is sent, so after any crash the mailbox can tell whether
 * it went out. A draft whose id was lost is never sent by anyone: only litter. Where the customer sends from another
 * mailbox by now, that one knows nothing of the draft, so a person looks in the one that does.
 * @param write - Renders the mail; asked only when a draft has to be made.
 */
export function mailEffect(mail: {
  readonly key: string;
  readonly subject: EffectSubject;
  readonly mailer: MailerPort;
  write(): Promise<OutgoingMail>;
}): Effect {
  const { key, subject, mailer, write } = mail;
  const here = mailer.source;
  return {
    key,
    subject,
    lagMs: mailer.lagMs ?? GUARANTEES.mail.lagMs,
    after: [],
    async find({ noted, signal }) {
      const { draftId, mailbox = here } = Noted.parse(noted);
      if (draftId === undefined) return { state: "absent", certain: true };
      if (!isSame(mailbox, here)) return { state: "unknown", check: whereToLook(mailbox, { key, subject }) };
      const state = await mailer.draftState(draftId, { signal });
      return state === "sent" ? { state: "done", outcome: { draftId, messageId: null } } : { state: "absent" };
    },
    async perform({ noted, note, signal }) {
      const { draftId: earlier, mailbox = here } = Noted.parse(noted);
      let draftId = isSame(mailbox, here) ? earlier : undefined;
      if (draftId === undefined) {
        ({ draftId } = await mailer.createDraft(await write(), { signal }));
        await note({ draftId, mailbox: here });
      }
      const { messageId } = await mailer.sendDraft(draftId, { signal });
      return { draftId, messageId };
    },
  };
}

/** Addresses do not change with their case, though a customer's file may. */
const isSame = (mailbox: string, here: string): boolean => mailbox.toLowerCase() === here.toLowerCase();

/** Names the mail by whom it is for, too: mailboxes are not searched by a header. */
function whereToLook(mailbox: string, { key, subject }: Pick<Effect, "key" | "subject">): string {
  const mail =
    subject.kind === "mail"
      ? `the ${subject.mail} of ${subject.phase} to ${subject.userId}`
      : "the request for sign-off";
  return `The customer sends from another mailbox by now. Look among the sent mails of ${mailbox} for ${mail}, header X-MFA-Rollout-Key: ${key}.`;
}
