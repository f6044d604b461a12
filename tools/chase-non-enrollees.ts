import { z } from "zod";
import { type Holdout, holdouts } from "../src/domain/coverage/holdouts.ts";
import { planMails } from "../src/domain/mail/plan-mails.ts";
import { MAIL_TEMPLATES } from "../src/domain/mail/text-values.ts";
import type { PhaseId, UserId } from "../src/domain/model/ids.ts";
import { toldOf } from "../src/domain/phases/told-date.ts";
import { blockers } from "../src/domain/rollout/blockers.ts";
import type { RolloutState } from "../src/domain/rollout/state.ts";
import type { RolloutView } from "../src/domain/rollout/step-status.ts";
import { StateError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { holdoutTicketEffect } from "../src/kit/effects/service-desk-effects.ts";
import { rolloutField } from "../src/kit/fields.ts";
import { gateClosed } from "../src/kit/gate-closed.ts";
import { holdoutTicket } from "../src/kit/holdout-tickets.ts";
import { MailPlan, mailPlanEffects, mailPlanLines, storableMail } from "../src/kit/mail-plan.ts";
import { planned, plannedOutput, plannedText } from "../src/kit/planned-output.ts";
import { untrusted } from "../src/kit/untrusted-text.ts";

const Content = MailPlan.extend({
  tickets: z.array(z.object({ userId: z.string(), phase: z.string(), summary: z.string(), text: z.string() })),
  phases: z.record(z.string(), z.string()),
});

export const chaseNonEnrollees = defineTool({
  name: "chase_non_enrollees",
  title: "Chase who is left",
  description:
    "Finds every holdout (in scope, cannot use MFA, phase enforced or deadline near), reminds each once through the manager " +
    "and puts a ticket for each into the PSA project. Needs a person's approval. Call reconcile_users first for fresh data.",
  approval: "contact",
  idempotent: true,
  connectors: ["mailer", "serviceDesk"],
  input: z.strictObject({ rollout: rolloutField }),
  output: z.strictObject({
    ...plannedOutput,
    holdouts: z.array(
      z.strictObject({
        user_id: z.string(),
        name: z.string(),
        phase: z.string(),
        enforced: z.boolean(),
        chased: z.boolean(),
      }),
    ),
    holdouts_total: z.number().int(),
    days_left: z.number().int(),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const view = await open.view();
    const { state, customer, procedure, today } = open;
    const closed = blockers({ ...view, settings: procedure.settings, action: { kind: "mail" }, facts: null });
    if (closed.length > 0) throw gateClosed(closed);
    if (state.effects.get(`${open.id}/psa/project`)?.status !== "done") {
      throw new StateError("There is no PSA project to put the holdouts into.", {
        nextStep: "Call sync_psa_project first.",
      });
    }

    const found = holdouts({ roster: await open.roster(), state, settings: procedure.settings, today });
    const mails = mailsTo(found, view);
    const tickets = found
      .filter(({ user }) => state.effects.get(`${open.id}/psa/ticket/${user.id}`)?.status !== "done")
      .map((holdout) => ({ ...holdoutTicket(holdout, open.id) }));
    const template = procedure.texts[MAIL_TEMPLATES.chase] ?? "";
    const phases = Object.fromEntries(found.map(({ user, phase }) => [user.id, phase]));
    const content = { template, mails: mails.map(storableMail), tickets, phases };

    const [mailer, desk] = [await open.vendor("mailer"), await open.vendor("serviceDesk")];
    const place = { rollout: open.id, desk };
    const carried = await open.carryOut({
      tool: "chase_non_enrollees",
      args: {},
      title:
        found.length === 0
          ? "nobody is left to chase"
          : `Chase ${mails.length} holdouts through their managers, ${tickets.length} tickets`,
      lines: [...tickets.map(({ summary }) => `Ticket: ${summary}`), ...mailPlanLines(content)],
      content,
      schema: Content,
      standingTexts: null,
      quota: mailer.quota,
      effects: (plan) => [
        ...mailPlanEffects(plan, {
          kind: "chase",
          phase: (user) => plan.phases[user] as PhaseId, // planned together
          mailer,
          writing: context.writing,
          replyTo: customer.escalation.address,
        }),
        ...plan.tickets.map((ticket) =>
          holdoutTicketEffect(place, {
            ...ticket,
            userId: ticket.userId as UserId,
            projectId: async () => String((await open.outcomeOf(`${open.id}/psa/project`)).projectId),
            phaseId: async () => String((await open.outcomeOf(`${open.id}/psa/phase/${ticket.phase}`)).phaseId),
          }),
        ),
      ],
    });
    return {
      ...planned(carried),
      holdouts: found.slice(0, 20).map((holdout) => shownHoldout(holdout, open.state)),
      holdouts_total: found.length,
      days_left: found[0]?.daysLeft ?? 0,
    };
  },

  summarize: (answer) =>
    `${answer.holdouts_total} holdouts${answer.holdouts.length > 0 ? `: ${answer.holdouts.map(({ name, phase }) => `${name} (${phase})`).join(", ")}` : ""}. ${plannedText(answer)}`,
});

const shownHoldout = ({ user, phase, enforced }: Holdout, { mails }: RolloutState) => ({
  user_id: user.id,
  name: untrusted(user.displayName, 60),
  phase,
  enforced,
  chased: mails.get("chase")?.has(user.id) === true,
});

/** One mail each, which names the date of each; planMails leaves out who was chased before. */
function mailsTo(found: readonly Holdout[], { state, customer }: RolloutView) {
  const told = toldOf(state);
  const dates = new Map(found.map(({ user, phase }) => [user.id, state.enforcementDates.get(phase)]));
  return planMails({
    kind: "chase",
    users: found.map(({ user }) => user),
    sent: state.mails.get("chase") ?? new Map(),
    rolloutId: state.id,
    customer,
    dateOf: (user) => told.get(user)?.date ?? dates.get(user) ?? state.deadline,
    deadline: state.deadline,
  }).mails;
}
