import { z } from "zod";
import { planMails } from "../src/domain/mail/plan-mails.ts";
import { MAIL_TEMPLATES } from "../src/domain/mail/text-values.ts";
import type { Phase } from "../src/domain/model/phase.ts";
import type { CalendarDate } from "../src/domain/model/time.ts";
import { phaseDate } from "../src/domain/phases/phase-date.ts";
import { datesToTell } from "../src/domain/phases/told-date.ts";
import { blockers } from "../src/domain/rollout/blockers.ts";
import type { RolloutEvent } from "../src/domain/rollout/events.ts";
import type { RolloutView } from "../src/domain/rollout/step-status.ts";
import { StateError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { driftLines } from "../src/kit/drift-lines.ts";
import { phaseField, rolloutField } from "../src/kit/fields.ts";
import { gateClosed } from "../src/kit/gate-closed.ts";
import { MailPlan, mailPlanEffects, mailPlanLines, storableMail } from "../src/kit/mail-plan.ts";
import { phaseName, phaseOf } from "../src/kit/phase-of.ts";
import { nothingToDo, planned, plannedOutput, plannedText } from "../src/kit/planned-output.ts";
import { untrusted } from "../src/kit/untrusted-text.ts";
import type { Documents } from "../src/ports/documents.ts";

const KINDS = ["announcement", "reminder", "enforcement_notice"] as const;
type Kind = (typeof KINDS)[number];

const Content = MailPlan.extend({ phase: z.string(), date: z.string() });

export const sendPhaseEmail = defineTool({
  name: "send_phase_email",
  title: "Send a phase's mail",
  description:
    "Mails each user of a phase personally, manager on copy: announcement, reminder (only those who cannot use MFA yet) or " +
    "enforcement_notice. preview shows one mail and the recipients. Needs a person's approval; nobody is mailed twice.",
  approval: "contact",
  idempotent: true,
  connectors: ["mailer"],
  input: z.strictObject({
    rollout: rolloutField,
    phase: phaseField,
    kind: z.enum(KINDS).describe(`One of: ${KINDS.join(", ")}`),
    preview: z.boolean().default(false).describe("true: show the first mail and send nothing"),
  }),
  output: z.strictObject({
    ...plannedOutput,
    recipients: z.number().int(),
    without_address: z.array(z.string()).describe("user_id of those whom no mail can reach"),
    manager_fallbacks: z
      .number()
      .int()
      .describe("Mails copied to the escalation contact because the manager cannot be"),
    preview_subject: z.string().optional(),
    preview_text: z.string().optional(),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const phase = phaseOf(open.state, input.phase);
    const view = await open.view();
    const closed = blockers({ ...view, settings: view.procedure.settings, action: { kind: "mail" }, facts: null });
    if (closed.length > 0 && !input.preview) throw gateClosed(closed);

    const date = dateFor(view, phase);
    const mails = planMails({
      kind: input.kind,
      users: (await open.roster()).byPhase.get(phase.id) ?? [],
      sent: open.state.mails.get(input.kind) ?? new Map(),
      rolloutId: open.id,
      customer: open.customer,
      dateOf: datesToTell(phase, view),
      deadline: open.state.deadline,
    });
    const template = open.procedure.texts[MAIL_TEMPLATES[input.kind]] ?? "";
    const content = { template, mails: mails.mails.map(storableMail), phase: phase.id, date };
    const facts = {
      recipients: mails.mails.length,
      without_address: mails.unreachable.map(({ id }) => id).slice(0, 10),
      manager_fallbacks: mails.fallbacks.length,
    };
    if (input.preview) return { ...(await preview(content, context.writing)), ...facts };

    // A phase of nobody (the closing one, often) has nothing to sign, and still needs its date.
    const scheduled: RolloutEvent[] = view.state.enforcementDates.has(phase.id)
      ? []
      : [{ type: "phase_scheduled", data: { phase: phase.id, enforcementDate: date } }];
    if (mails.mails.length === 0 && scheduled.length > 0) await open.record(...scheduled);

    const mailer = await open.vendor("mailer");
    const carried = await open.carryOut({
      tool: "send_phase_email",
      args: { phase: phase.id, kind: input.kind },
      title: `${LABELS[input.kind]} to ${facts.recipients} users of ${phaseName(phase)}`,
      lines: [...driftLines(await open.drift(phase.id), await open.users()), ...mailPlanLines(content)],
      content,
      schema: Content,
      standingTexts: null,
      quota: mailer.quota,
      onProposal: () => scheduled,
      effects: (plan) =>
        mailPlanEffects(plan, {
          kind: input.kind,
          phase: phase.id,
          mailer,
          writing: context.writing,
          replyTo: open.customer.escalation.address,
        }),
    });
    return { ...planned(carried), ...facts };
  },

  summarize: (answer) =>
    answer.preview_text === undefined
      ? `${plannedText(answer)}${answer.without_address.length > 0 ? ` ${answer.without_address.length} users have no address and were not mailed.` : ""}`
      : `Preview, nothing sent. ${answer.recipients} recipients. Subject: ${answer.preview_subject}\n${answer.preview_text}`,
});

const LABELS: Readonly<Record<Kind, string>> = {
  announcement: "Announcement",
  reminder: "Reminder",
  enforcement_notice: "Enforcement notice",
};

/** The first mail as its reader gets it; nothing is planned, so nothing can be signed. */
async function preview({ template, mails }: MailPlan, writing: Documents) {
  const [first] = mails;
  const shown = first && (await writing.mail(template, first.values));
  return {
    ...planned({ ...nothingToDo(`preview of ${mails.length} mails`), changesTotal: mails.length }),
    ...(shown && { preview_subject: untrusted(shown.subject, 200), preview_text: untrustedBody(shown.text) }),
  };
}

/** @throws {StateError} the date to announce would lie after the deadline. */
function dateFor(view: RolloutView, phase: Phase): CalendarDate {
  const date = phaseDate(phase, view);
  const { deadline, enforcementDates } = view.state;
  if (date <= deadline || enforcementDates.has(phase.id)) return date;
  throw new StateError(`The earliest enforcement date would be ${date}, after the deadline ${deadline}.`, {
    nextStep: "A person has to move the deadline, shorten the procedure's lead time, or accept fewer phases.",
  });
}

/** The body keeps its lines: it is our template with outside values in it, shown to be read. */
const untrustedBody = (text: string): string =>
  text
    .split("\n")
    .map((line) => (line.trim() === "" ? "" : untrusted(line, 300)))
    .join("\n")
    .slice(0, 4_000);
