import { z } from "zod";
import { GUIDES } from "../src/domain/fix-kit/guides.ts";
import { DESK_STATUS, fixTickets, fixTicketWork, ticketInWords } from "../src/domain/fix-kit/tickets.ts";
import type { PhaseId, UserId } from "../src/domain/model/ids.ts";
import { calendarDate } from "../src/domain/model/time.ts";
import type { RolloutView } from "../src/domain/rollout/step-status.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { fixChangeEffects, fixKey, fixTicketEffect } from "../src/kit/effects/fix-effects.ts";
import {
  phaseStatusEffect,
  projectEffect,
  projectPhaseEffect,
  ticketStatusEffect,
} from "../src/kit/effects/service-desk-effects.ts";
import { rolloutField } from "../src/kit/fields.ts";
import { doneEffects } from "../src/kit/holdout-tickets.ts";
import { phaseName } from "../src/kit/phase-of.ts";
import { planned, plannedOutput, plannedText } from "../src/kit/planned-output.ts";

const Content = z.object({
  project: z.object({ name: z.string(), start: z.string(), end: z.string() }).nullable(),
  phases: z.array(z.object({ id: z.string(), description: z.string() })),
  statuses: z.array(z.object({ phase: z.string(), status: z.string(), round: z.number() })),
  tickets: z.array(z.object({ userId: z.string(), status: z.string(), round: z.number() })),
  // Absent in plans from before there were fix kits.
  fixes: z
    .array(z.object({ fix: z.string(), phase: z.string(), summary: z.string(), text: z.string(), due: z.string() }))
    .default([]),
  fixChanges: z
    .array(z.object({ fix: z.string(), round: z.number(), status: z.string(), due: z.string(), note: z.string() }))
    .default([]),
});
type Content = z.output<typeof Content>;

const STATUS = DESK_STATUS;

export const syncPsaProject = defineTool({
  name: "sync_psa_project",
  title: "Sync the PSA project",
  description:
    "Keeps the MSP's service desk current: the project, a phase per department, holdout tickets, and a ticket with owner and " +
    "due date for each thing to mend, closed once its evidence is gone. Needs an approval, which may be a standing one.",
  approval: "contact",
  idempotent: true,
  connectors: ["serviceDesk"],
  input: z.strictObject({ rollout: rolloutField }),
  output: z.strictObject({
    ...plannedOutput,
    project: z.string().optional(),
    fix_tickets: z.array(z.string()).describe("Tickets of things to mend that are open, soonest due first"),
    fix_tickets_open: z.number().int(),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const desk = await open.vendor("serviceDesk");
    const content = contentFor(await open.view());
    const place = { rollout: open.id, desk, timeZone: open.customer.timeZone };
    const projectId = async (): Promise<string> => String((await open.outcomeOf(`${open.id}/psa/project`)).projectId);
    const phaseId = (phase: string) => async (): Promise<string> =>
      String((await open.outcomeOf(`${open.id}/psa/phase/${phase}`)).phaseId);
    const ticketId = (key: string) => async (): Promise<string> => String((await open.outcomeOf(key)).ticketId);

    const carried = await open.carryOut({
      tool: "sync_psa_project",
      args: {},
      title: `PSA project of ${open.customer.name} brought up to date`,
      lines: linesOf(content),
      content,
      schema: Content,
      standingTexts: [...Object.values(STATUS), JSON.stringify(GUIDES)],
      effects: (plan) => [
        ...(plan.project === null ? [] : [projectEffect(place, plan.project)]),
        ...plan.phases.map((phase) =>
          projectPhaseEffect(place, { id: phase.id as PhaseId, description: phase.description, projectId }),
        ),
        ...plan.statuses.map(({ phase, status, round }) =>
          phaseStatusEffect(place, { phase: phase as PhaseId, status, round, projectId, phaseId: phaseId(phase) }),
        ),
        ...plan.tickets.map(({ userId, status, round }) =>
          ticketStatusEffect(place, {
            userId: userId as UserId,
            status,
            round,
            ticketId: ticketId(`${open.id}/psa/ticket/${userId}`),
          }),
        ),
        ...plan.fixes.map((fix) =>
          fixTicketEffect(place, { ...fix, due: calendarDate(fix.due), projectId, phaseId: phaseId(fix.phase) }),
        ),
        ...plan.fixChanges.flatMap((change) =>
          fixChangeEffects(place, {
            ...change,
            due: calendarDate(change.due),
            ticketId: ticketId(fixKey(open.id, change.fix)),
          }),
        ),
      ],
    });
    const project = open.state.effects.get(`${open.id}/psa/project`)?.outcome.projectId;
    const tickets = [...fixTickets(open.state).values()]
      .filter((ticket) => ticket.open)
      .sort((a, b) => (a.due < b.due ? -1 : 1));
    return {
      ...planned(carried),
      ...(typeof project === "string" && { project }),
      fix_tickets: tickets.slice(0, SHOWN).map((ticket) => `${ticket.fix}: ${ticketInWords(ticket)}`),
      fix_tickets_open: tickets.length,
    };
  },

  summarize: (answer) =>
    `${plannedText(answer)}${answer.project === undefined ? "" : ` Project ${answer.project}.`}` +
    (answer.fix_tickets_open === 0
      ? ""
      : ` ${answer.fix_tickets_open} tickets of things to mend are open. ${answer.fix_tickets.join("; ")}.`),
});

const SHOWN = 10;

/** What the desk lacks, by what we know to have written there. */
function contentFor(view: RolloutView): Content {
  const { state } = view;
  const { opened, changed } = fixTicketWork(view);
  const made = new Set(doneEffects(state, "psa_phase").map(({ subject }) => subject.phase));
  const told = new Map(doneEffects(state, "psa_phase_status").map(({ subject }) => [subject.phase, subject.status]));
  const rounds = (phase: PhaseId): number =>
    doneEffects(state, "psa_phase_status").filter(({ subject }) => subject.phase === phase).length;
  const wanted = state.phases.map((phase) => ({ phase: phase.id, status: statusOf(state, phase.id) }));
  return {
    project:
      state.effects.get(`${state.id}/psa/project`)?.status === "done"
        ? null
        : {
            name: `MFA rollout ${state.customerName} (${state.id})`.slice(0, 100),
            start: state.startedAt.slice(0, 10),
            end: state.deadline,
          },
    phases: state.phases
      .filter(({ id }) => !made.has(id))
      .map((phase) => ({ id: phase.id, description: `MFA: ${phaseName(phase)}`.slice(0, 100) })),
    statuses: wanted
      .filter(({ phase, status }) => (told.get(phase) ?? STATUS.open) !== status)
      .map((row) => ({ ...row, round: rounds(row.phase) })),
    tickets: ticketsToClose(view),
    fixes: [...opened],
    fixChanges: [...changed],
  };
}

function statusOf(state: RolloutView["state"], phase: PhaseId): string {
  const live = state.policies.get(phase);
  if (live?.state === "enforced") return STATUS.done;
  const begun = [...(state.mails.get("announcement")?.values() ?? [])].some((mail) => mail.phase === phase);
  return begun ? STATUS.underWay : STATUS.open;
}

/** Tickets of holdouts who can use MFA by now, or are no longer in scope. */
function ticketsToClose({ state, roster }: RolloutView): Content["tickets"] {
  const lacking = new Set(
    [...(roster?.byPhase.values() ?? [])]
      .flat()
      .filter(({ registration }) => registration?.capable !== true)
      .map(({ id }) => id),
  );
  const changes = doneEffects(state, "psa_ticket_status");
  return doneEffects(state, "psa_ticket").flatMap(({ subject: { userId } }) => {
    const last = changes.filter(({ subject }) => subject.userId === userId);
    const status = lacking.has(userId) ? STATUS.open : STATUS.done;
    const known = last.at(-1)?.subject.status ?? STATUS.open;
    return known === status ? [] : [{ userId, status, round: last.length }];
  });
}

const linesOf = ({ project, phases, statuses, tickets, fixes, fixChanges }: Content): readonly string[] => [
  ...(project === null ? [] : [`Project "${project.name}", ${project.start} to ${project.end}`]),
  ...phases.map(({ description }) => `Phase "${description}"`),
  ...statuses.map(({ phase, status }) => `Status of ${phase}: ${status}`),
  ...tickets.map(({ userId, status }) => `Ticket of ${userId}: ${status}`),
  ...fixes.flatMap(({ summary, due, text }) => [`New ticket "${summary}", due ${due}:`, ...text.split("\n")]),
  ...fixChanges.map(({ fix, status, due, note }) => `Ticket of ${fix}: ${status}, due ${due}. ${note}`),
];
