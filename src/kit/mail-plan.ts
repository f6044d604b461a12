import { z } from "zod";
import type { PlannedMail } from "../domain/mail/plan-mails.ts";
import type { MailKind } from "../domain/model/effect.ts";
import { type PhaseId, type SmtpAddress, smtpAddress, type UserId } from "../domain/model/ids.ts";
import type { CalendarDate } from "../domain/model/time.ts";
import type { Documents } from "../ports/documents.ts";
import type { MailerPort } from "../ports/mailer.ts";
import type { Effect } from "../ports/rollout-store.ts";
import { mailEffect } from "./effects/mail-effect.ts";

/** A campaign as it is signed: one template, and who gets it with which values. Together they are every mail, whole. */
export const MailPlan = z.object({
  template: z.string(),
  mails: z.array(
    z.object({
      key: z.string(),
      userId: z.string(),
      to: z.string(),
      toName: z.string(),
      cc: z.array(z.string()),
      managerState: z.string(),
      /** `null` in plans from before it was kept. */
      date: z.string().nullable().default(null),
      values: z.record(z.string(), z.string()),
    }),
  ),
});
export type MailPlan = z.output<typeof MailPlan>;

/** What the person who signs reads: the text once, then every recipient with who is copied. */
export const mailPlanLines = ({ template, mails }: MailPlan): readonly string[] => [
  ...mails.map(
    (mail) =>
      `To ${mail.toName} <${mail.to}>, copy ${mail.cc.join(", ") || "nobody"}${mail.managerState === "ok" ? "" : ` (manager: ${mail.managerState})`}${mail.date === null ? "" : `, from ${mail.date}`}`,
  ),
  "The first mail's values; the others differ in name, department, manager and date:",
  ...Object.entries(mails[0]?.values ?? {}).map(([name, value]) => `  ${name}: ${value}`),
  "The text:",
  ...template.split("\n").map((line) => `  | ${line}`),
];

/** A planned mail as plain data. */
export const storableMail = (mail: PlannedMail): MailPlan["mails"][number] => ({
  ...mail,
  cc: [...mail.cc],
  values: { ...mail.values },
});

/** One effect a mail. */
export function mailPlanEffects(
  plan: MailPlan,
  by: {
    readonly kind: MailKind;
    readonly phase: PhaseId | ((userId: UserId) => PhaseId);
    readonly mailer: MailerPort;
    readonly writing: Documents;
    readonly replyTo: SmtpAddress;
  },
): readonly Effect[] {
  return plan.mails.map((mail) => {
    const userId = mail.userId as UserId; // planned from the canonical list
    const phase = typeof by.phase === "function" ? by.phase(userId) : by.phase;
    const told = by.kind === "announcement" && mail.date !== null;
    return mailEffect({
      key: mail.key,
      subject: {
        ...{ kind: "mail", mail: by.kind, phase, userId, managerCopied: mail.managerState === "ok" },
        ...(told && { date: mail.date as CalendarDate }), // planned by us
      },
      mailer: by.mailer,
      write: async () => ({
        ...(await by.writing.mail(plan.template, mail.values)),
        to: smtpAddress(mail.to),
        toName: mail.toName,
        cc: mail.cc.map(smtpAddress),
        replyTo: by.replyTo,
        key: mail.key,
      }),
    });
  });
}
