import { z } from "zod";
import { progressRows } from "../src/domain/coverage/progress-rows.ts";
import type { PhaseId } from "../src/domain/model/ids.ts";
import { type CalendarDate, dateIn, type Instant } from "../src/domain/model/time.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { snapshotEffect } from "../src/kit/effects/dashboard-effect.ts";
import { phaseField, rolloutField } from "../src/kit/fields.ts";
import { phaseName, phaseOf } from "../src/kit/phase-of.ts";
import { planned, plannedOutput, plannedText } from "../src/kit/planned-output.ts";

const Row = z.object({
  department: z.string(),
  phase: z.string(),
  inScope: z.number(),
  registered: z.number(),
  capable: z.number(),
  enforced: z.number(),
  exceptions: z.number(),
});
const Content = z.object({
  snapshotId: z.string(),
  afterPhase: z.string(),
  takenAt: z.string(),
  day: z.string(),
  rows: z.array(Row),
});

export const updateDashboard = defineTool({
  name: "update_dashboard",
  title: "Update the dashboard",
  description:
    "Adds one snapshot of enrolment by department (in scope, registered, capable, enforced) to the customer's dashboard, " +
    "once after each phase. Needs a person's approval, which may be a standing one.",
  approval: "contact",
  idempotent: true,
  connectors: ["dashboard"],
  input: z.strictObject({ rollout: rolloutField, phase: phaseField }),
  output: z.strictObject({
    ...plannedOutput,
    snapshot: z.string(),
    in_scope: z.number().int(),
    capable: z.number().int(),
    enforced: z.number().int(),
  }),

  async handler(context, input) {
    const open = await context.open(input.rollout);
    const phase = phaseOf(open.state, input.phase);
    const snapshotId = `${open.id}/${phase.id}`;
    const rows = progressRows({ users: await open.users(), roster: await open.roster(), state: open.state }).map(
      (row) => ({ ...row }),
    );
    const takenAt = open.state.list?.at ?? context.now;
    // The snapshot says when the people were read, not when it is sent: the same list gives the same plan.
    const content = {
      snapshotId,
      afterPhase: phase.id,
      takenAt,
      day: dateIn(open.state.timeZone, takenAt),
      rows,
    };
    const taken = open.state.snapshots.has(phase.id);
    const dashboard = await open.vendor("dashboard");
    const carried = await open.carryOut({
      tool: "update_dashboard",
      args: { phase: phase.id },
      title: taken
        ? `the snapshot after ${phaseName(phase)} was taken`
        : `Dashboard snapshot after ${phaseName(phase)}`,
      lines: rows.map(
        (row) =>
          `${row.department}: ${row.inScope} in scope, ${row.registered} registered, ${row.capable} capable, ${row.enforced} enforced, ${row.exceptions} exceptions`,
      ),
      content,
      schema: Content,
      standingTexts: [Object.keys(Row.shape).join(",")],
      effects: (plan) => (taken ? [] : [snapshotEffect(snapshotOf(plan, open), dashboard)]),
    });
    const total = rows.at(-1);
    return {
      ...planned(carried),
      snapshot: snapshotId,
      in_scope: total?.inScope ?? 0,
      capable: total?.capable ?? 0,
      enforced: total?.enforced ?? 0,
    };
  },

  summarize: (answer) =>
    `${plannedText(answer)} ${answer.capable} of ${answer.in_scope} users in scope can use MFA, ${answer.enforced} are enforced.`,
});

/** The stored plan's texts are what this tool put there. */
const snapshotOf = (
  plan: z.output<typeof Content>,
  { id, customer }: { readonly id: string; readonly customer: { readonly name: string } },
) => ({
  ...plan,
  rolloutId: id,
  customer: customer.name,
  afterPhase: plan.afterPhase as PhaseId,
  takenAt: plan.takenAt as Instant,
  day: plan.day as CalendarDate,
});
