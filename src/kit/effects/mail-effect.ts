import { z } from "zod";
import type { EffectSubject } from "../../domain/model/effect.ts";
import type { MailerPort, OutgoingMail } from "../../ports/mailer.ts";
import type { Effect } from "../../ports/rollout-store.ts";
import { GUARANTEES } from "./guarantees.ts";

const Noted = z.object({ draftId: z.string().optional() });

/**
 * One mail, once. The draft's id is recorded before the draft is sent, so after any crash the mailbox can tell whether
 * it went out. A draft whose id was lost is never sent by anyone: only litter.
 * @param write - Renders the mail; asked only when a draft has to be made.
 */
export function mailEffect(mail: {
  readonly key: string;
  readonly subject: EffectSubject;
  readonly mailer: MailerPort;
  write(): Promise<OutgoingMail>;
}): Effect {
  const { key, subject, mailer, write } = mail;
  return {
    key,
    subject,
    lagMs: mailer.lagMs ?? GUARANTEES.mail.lagMs,
    after: [],
    async find({ noted, signal }) {
      const { draftId } = Noted.parse(noted);
      if (draftId === undefined) return { state: "absent", certain: true };
      const state = await mailer.draftState(draftId, { signal });
      return state === "sent" ? { state: "done", outcome: { draftId, messageId: null } } : { state: "absent" };
    },
    async perform({ noted, note, signal }) {
      let { draftId } = Noted.parse(noted);
      if (draftId === undefined) {
        ({ draftId } = await mailer.createDraft(await write(), { signal }));
        await note({ draftId });
      }
      const { messageId } = await mailer.sendDraft(draftId, { signal });
      return { draftId, messageId };
    },
  };
}
