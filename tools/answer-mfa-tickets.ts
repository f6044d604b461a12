import { z } from "zod";
import { mentionsMfa } from "../src/domain/mail/mentions-mfa.ts";
import { ticketValues } from "../src/domain/mail/text-values.ts";
import { addHours, type Instant } from "../src/domain/model/time.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { replyEffect } from "../src/kit/effects/service-desk-effects.ts";
import { rolloutField } from "../src/kit/fields.ts";
import { planned, plannedOutput, plannedText } from "../src/kit/planned-output.ts";
import { untrusted } from "../src/kit/untrusted-text.ts";
import type { UserTicket } from "../src/ports/service-desk.ts";

const Content = z.object({
  template: z.string(),
  replies: z.array(z.object({ ticketId: z.string(), values: z.record(z.string(), z.string()) })),
});

export const answerMfaTickets = defineTool({
  name: "answer_mfa_tickets",
  title: "Answer MFA tickets",
  description:
    "Finds tickets of the customer that ask about MFA and answers each once with the procedure's reply and the guide link. " +
    "Other tickets are left alone. Needs a person's approval, which may be a standing one.",
  approval: "contact",
  idempotent: true,
  connectors: ["serviceDesk"],
  input: z.strictObject({ rollout: rolloutField }),
  output: z.strictObject({
    ...plannedOutput,
    tickets_seen: z.number().int(),
    mfa_tickets: z.array(z.strictObject({ ticket: z.string(), summary: z.string(), answered: z.boolean() })),
    mfa_tickets_total: z.number().int(),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const desk = await open.vendor("serviceDesk");
    const { state, customer, procedure } = open;
    const place = { rollout: open.id, desk };

    let seen = 0;
    const asking: UserTicket[] = [];
    for await (const ticket of desk.listTickets({
      from: state.startedAt,
      to: soon(context.now),
      signal: context.signal,
    })) {
      seen += 1;
      if (mentionsMfa(ticket)) asking.push(ticket);
    }
    const unanswered = asking.filter(({ id, closed }) => !closed && !state.answeredTickets.has(id));
    const content = {
      template: procedure.texts["ticket-reply.md"] ?? "",
      replies: unanswered.map(({ id, contactName }) => ({
        ticketId: id,
        values: { ...ticketValues(customer, state.deadline, contactName) },
      })),
    };
    const carried = await open.carryOut({
      tool: "answer_mfa_tickets",
      args: {},
      title: `Reply to ${unanswered.length} tickets about MFA`,
      lines: [
        ...unanswered.map(({ id, summary }) => `Ticket ${id}: ${untrusted(summary, 100)}`),
        "Reply:",
        ...content.template.split("\n").map((line) => `  | ${line}`),
      ],
      content,
      schema: Content,
      standingTexts: [content.template],
      effects: (plan) =>
        plan.replies.map(({ ticketId, values }) =>
          replyEffect(place, { ticketId, write: () => context.writing.text(plan.template, values) }),
        ),
    });
    return {
      ...planned(carried),
      tickets_seen: seen,
      mfa_tickets: asking.slice(0, 20).map(({ id, summary }) => ({
        ticket: id,
        summary: untrusted(summary, 100),
        answered: open.state.answeredTickets.has(id),
      })),
      mfa_tickets_total: asking.length,
    };
  },

  summarize: (answer) =>
    `${answer.mfa_tickets_total} of ${answer.tickets_seen} tickets ask about MFA. ${plannedText(answer)}`,
});

/** The desk's clock may be a little ahead of ours; a ticket opened this minute still counts. */
const soon = (now: Instant): Instant => addHours(now, 1);
