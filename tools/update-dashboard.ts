import { z } from "zod";
import { progressRows } from "../src/domain/coverage/progress-rows.ts";
import { type CalendarDate, dateIn, type Instant } from "../src/domain/model/time.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import { phaseField, rolloutField } from "../src/kit/fields.ts";
import { phaseName, phaseOf } from "../src/kit/phase-of.ts";
import { planned, plannedOutput, plannedText } from "../src/kit/planned-output.ts";
import type { DashboardPort, DashboardSnapshot } from "../src/ports/dashboard.ts";
import type { Effect } from "../src/ports/rollout-store.ts";

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
      effects: (plan) =>
        taken ? [] : [snapshotEffect({ ...plan, rollout: open.id, customer: open.customer.name }, dashboard)],
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

function snapshotEffect(
  plan: z.output<typeof Content> & { rollout: string; customer: string },
  dashboard: DashboardPort,
): Effect {
  const { snapshotId, afterPhase } = plan;
  return {
    key: `${plan.rollout}/dashboard/${afterPhase}`,
    subject: { kind: "dashboard", afterPhase: afterPhase as DashboardPhase, snapshotId },
    async find({ signal }) {
      const found = await dashboard.hasSnapshot(snapshotId, { signal });
      if (found === "cannot_tell")
        return {
          state: "unknown",
          check: `Look in the dashboard's data whether rows with snapshot ${snapshotId} are there.`,
        };
      return found === "present" ? { state: "done", outcome: { snapshotId } } : { state: "absent" };
    },
    async perform({ signal }) {
      await dashboard.prepare({ signal });
      const snapshot: DashboardSnapshot = {
        snapshotId,
        rolloutId: plan.rollout,
        customer: plan.customer,
        afterPhase,
        takenAt: plan.takenAt as Instant, // stored by us from the state's own instant
        day: plan.day as CalendarDate,
        rows: plan.rows,
      };
      await dashboard.append(snapshot, { signal });
      return { snapshotId };
    },
  };
}

type DashboardPhase = Extract<Effect["subject"], { kind: "dashboard" }>["afterPhase"];
