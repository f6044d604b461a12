import { z } from "zod";
import { holdouts } from "../src/domain/coverage/holdouts.ts";
import { findingFix } from "../src/domain/fix-kit/finding-causes.ts";
import { fixTickets, ticketInWords } from "../src/domain/fix-kit/tickets.ts";
import type { PhaseId, UserId } from "../src/domain/model/ids.ts";
import { daysBetween } from "../src/domain/model/time.ts";
import { DRIFT_KINDS, type DriftKind } from "../src/domain/phases/drift.ts";
import { next } from "../src/domain/rollout/next.ts";
import { settleCommand } from "../src/domain/rollout/settle-command.ts";
import type { RolloutView } from "../src/domain/rollout/step-status.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { rolloutField } from "../src/kit/fields.ts";
import { phaseName } from "../src/kit/phase-of.ts";
import type { OpenRollout } from "../src/kit/tool-context.ts";
import { untrusted } from "../src/kit/untrusted-text.ts";

const PHASES_SHOWN = 30;
const LISTED = 10;
const DRIFT_SHOWN = 20;
const USERS_SHOWN = 3;

export const getRollout = defineTool({
  name: "get_rollout",
  title: "Where the rollout stands",
  description:
    "Says where a rollout stands: phases, what waits for a signature, findings, holdouts, and next: the exact tool and " +
    "arguments to call now, or what it waits for and until when. Call it, do next, repeat.",
  approval: "observe",
  idempotent: true,
  connectors: [],
  input: z.strictObject({ rollout: rolloutField }),
  output: z.strictObject({
    rollout: z.string(),
    customer: z.string(),
    now: z.string(),
    deadline: z.string(),
    days_left: z.number().int(),
    next: z.strictObject({
      do: z.enum(["call", "wait", "finished"]),
      tool: z.string().optional(),
      args: z
        .strictObject({
          rollout: z.string(),
          phase: z.string().optional(),
          state: z.string().optional(),
          kind: z.string().optional(),
          user_id: z.string().optional(),
        })
        .optional(),
      wait_for: z.enum(["time", "approval", "signoff", "finding", "person"]).optional(),
      until: z.string().optional(),
      plan_id: z.string().optional(),
      finding_ids: z.array(z.string()).optional(),
      why: z.string(),
    }),
    phases: z.array(
      z.strictObject({
        phase: z.string(),
        department: z.string(),
        in_scope: z.number().int(),
        announced: z.number().int(),
        capable: z.number().int(),
        policy: z.string(),
        enforcement_date: z.string(),
      }),
    ),
    drift: z
      .array(
        z.strictObject({
          phase: z.string(),
          kind: z.enum(DRIFT_KINDS),
          count: z.number().int(),
          user_ids: z.array(z.string()),
        }),
      )
      .describe("What changed about a phase's people since it was last planned"),
    exceptions: z.number().int(),
    signed_off: z.boolean(),
    pending_approvals: z.array(z.strictObject({ plan_id: z.string(), title: z.string() })),
    open_findings: z.array(
      z.strictObject({
        finding_id: z.string(),
        cause: z.string(),
        account: z.string(),
        app: z.string(),
        remedy: z.string(),
        ticket: z.string().optional(),
      }),
    ),
    fix_tickets_open: z.number().int().describe("Tickets of things to mend, as sync_psa_project opened them"),
    unclear_changes: z
      .array(z.strictObject({ key: z.string(), check: z.string(), command: z.string() }))
      .describe("Changes with no known end. A person looks and records it with the command, or with --not-happened"),
    holdouts: z.number().int(),
    interrupted_writes: z.number().int(),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const view = await open.view();
    const { state, today } = open;
    const todo = next(view);
    const tickets = fixTickets(state);
    return {
      rollout: open.id,
      customer: untrusted(state.customerName),
      now: context.now,
      deadline: state.deadline,
      days_left: daysBetween(today, state.deadline),
      next: wire(todo),
      phases: phaseRows(view).slice(0, PHASES_SHOWN),
      drift: (await driftRows(open)).slice(0, DRIFT_SHOWN),
      exceptions: state.exceptions?.total ?? 0,
      signed_off: state.signoff !== null && state.signoff.table === state.exceptions?.table,
      pending_approvals: [...state.plans.values()]
        .filter(({ status }) => status === "proposed")
        .slice(-LISTED)
        .map(({ id, title }) => ({ plan_id: id, title: untrusted(title, 120) })),
      open_findings: [...state.findings.values()]
        .filter(({ status }) => status === "open")
        .slice(0, LISTED)
        .map((finding) => {
          const ticket = tickets.get(findingFix(finding));
          return {
            finding_id: finding.id,
            cause: finding.cause,
            account: finding.upn,
            app: untrusted(finding.appName, 60),
            remedy: finding.remedy,
            ...(ticket !== undefined && { ticket: ticketInWords(ticket) }),
          };
        }),
      fix_tickets_open: [...tickets.values()].filter((ticket) => ticket.open).length,
      unclear_changes: [...state.effects.values()]
        .filter(({ status }) => status === "unknown")
        .slice(0, LISTED)
        .map(({ key, check }) => ({ key, check: check ?? "", command: settleCommand(open.id, key) })),
      holdouts:
        view.roster === null
          ? 0
          : holdouts({ roster: view.roster, state, settings: open.procedure.settings, today }).length,
      interrupted_writes: state.tornLines,
    };
  },

  summarize: ({ rollout, customer, days_left, deadline, phases, drift, interrupted_writes, next }) =>
    `${rollout} for ${customer}: ${days_left} days to ${deadline}. ` +
    `${phases.map(({ department, policy, capable, in_scope }) => `${department} ${policy} ${capable}/${in_scope} capable`).join("; ")}. ` +
    (drift.length === 0
      ? ""
      : `Changed since last planned: ${drift.map(({ phase, kind, count }) => `${phase} ${count} ${kind}`).join(", ")}. `) +
    (interrupted_writes === 0
      ? ""
      : `A write to the ledger was interrupted ${interrupted_writes} times; what it left was cut off, and nothing that counted was lost. `) +
    (next.do === "call"
      ? `Next: call ${next.tool} with ${JSON.stringify(next.args)}. ${next.why}`
      : next.do === "wait"
        ? `Next: wait for ${next.wait_for}${next.until === undefined ? "" : ` until ${next.until}`}. ${next.why}`
        : `Finished. ${next.why}`),
});

/** The domain's answer as it goes over the wire: absent instead of null. */
function wire(todo: ReturnType<typeof next>) {
  switch (todo.do) {
    case "call": {
      const { rollout = "", phase, state, kind, user_id } = todo.args;
      const args = {
        rollout,
        ...(phase !== undefined && { phase }),
        ...(state !== undefined && { state }),
        ...(kind !== undefined && { kind }),
        ...(user_id !== undefined && { user_id }),
      };
      return { do: todo.do, tool: todo.tool, args, why: todo.why };
    }
    case "wait":
      return {
        do: todo.do,
        wait_for: todo.for,
        ...(todo.until !== null && { until: todo.until }),
        ...(todo.planId !== null && { plan_id: todo.planId }),
        ...(todo.findingIds.length > 0 && { finding_ids: [...todo.findingIds] }),
        why: todo.why,
      };
    case "finished":
      return { do: todo.do, why: todo.why };
  }
}

async function driftRows(open: OpenRollout<never>) {
  const rows: { phase: PhaseId; kind: DriftKind; count: number; user_ids: UserId[] }[] = [];
  for (const { id } of open.state.phases) {
    const { changes } = await open.drift(id);
    for (const [kind, users] of Map.groupBy(changes, (change) => change.kind)) {
      rows.push({
        phase: id,
        kind,
        count: users.length,
        user_ids: users.slice(0, USERS_SHOWN).map(({ userId }) => userId),
      });
    }
  }
  return rows;
}

function phaseRows({ state, roster }: RolloutView) {
  const announced = state.mails.get("announcement");
  return state.phases.map((phase) => {
    const members = roster?.byPhase.get(phase.id) ?? [];
    return {
      phase: phase.id,
      department: phase.department === null ? phaseName(phase) : untrusted(phase.department, 40),
      in_scope: members.length,
      announced: members.filter(({ id }) => announced?.has(id)).length,
      capable: members.filter(({ registration }) => registration?.capable === true).length,
      policy: state.policies.get(phase.id)?.state ?? "none",
      enforcement_date: state.enforcementDates.get(phase.id) ?? "",
    };
  });
}
