import { z } from "zod";
import { type CalendarDate, calendarDate, dateIn } from "../src/domain/model/time.ts";
import { buildPhases, type OrderProblems } from "../src/domain/phases/order.ts";
import { isEmployed } from "../src/domain/reconcile/employment.ts";
import { InputError, StateError } from "../src/errors.ts";
import { defineTool } from "../src/kit/define-tool.ts";
import type { ToolContext } from "../src/kit/tool-context.ts";
import { unfenced, untrusted } from "../src/kit/untrusted-text.ts";

export const startRollout = defineTool({
  name: "start_rollout",
  title: "Start a rollout",
  description:
    "Starts an MFA rollout for a customer: reads the departments from HR, fixes the phases and the deadline, and pins " +
    "the procedure. Call it once per customer; afterwards follow get_rollout. Returns the rollout id and the phases.",
  approval: "record",
  idempotent: false,
  connectors: ["hr"],
  input: z.strictObject({
    customer: z.string().min(1).max(40).describe("Customer slug: the name of its file in customers/, e.g. larkfield"),
    procedure: z.string().min(1).max(60).default("insurer-mfa").describe("Procedure id from list_procedures"),
    deadline: z.string().describe("Last day on which every account must be enforced, YYYY-MM-DD"),
    phase_order: z
      .array(z.string().min(1).max(100))
      .max(100)
      .optional()
      .describe("Departments in the order wanted, e.g. IT, Sales; the others follow, smaller first"),
  }),
  output: z.strictObject({
    rollout: z.string(),
    deadline: z.string(),
    days_left: z.number().int(),
    phases: z.array(z.strictObject({ phase: z.string(), department: z.string(), people: z.number().int() })),
    procedure: z.string(),
  }),

  async handler(context, input) {
    const { customer, vendor } = await context.customer(input.customer);
    const procedure = await context.procedures.get(input.procedure);
    const today = dateIn(customer.timeZone, context.now);
    const wanted = { customer: customer.slug, procedure: procedure.id, deadline: dayFrom(input.deadline) };
    await refuseSecond(context.store, wanted);
    const deadline = notPast(wanted.deadline, today);

    const people = new Map<string, number>();
    for await (const employee of (await vendor("hr")).listEmployees({ today, signal: context.signal })) {
      if (employee.department === null || !isEmployed(employee, today)) continue;
      people.set(employee.department, (people.get(employee.department) ?? 0) + 1);
    }
    const departments = [...people].map(([name, count]) => ({ name, people: count }));
    const phases = buildPhases(departments, input.phase_order?.map(unfenced) ?? null);
    if ("unknown" in phases) throw wrongOrder(phases, [...people.keys()]);

    const id = context.newRolloutId(customer.slug);
    await context.store.whileNoneStarts(async () => {
      await refuseSecond(context.store, wanted); // another host may have started one since
      await context.store.create(id, {
        type: "rollout_started",
        data: {
          rollout: id,
          customer: customer.slug,
          customerName: customer.name,
          timeZone: customer.timeZone,
          procedure: { id: procedure.id, version: procedure.version, hash: procedure.hash },
          deadline,
          phases,
        },
      });
    });
    return {
      rollout: id,
      deadline,
      days_left: Math.round((Date.parse(deadline) - Date.parse(today)) / 86_400_000),
      phases: phases.map(({ id, department }) => ({
        phase: id,
        department: department === null ? "everyone (closing policy)" : untrusted(department),
        people: department === null ? 0 : (people.get(department) ?? 0),
      })),
      procedure: `${procedure.id} ${procedure.version}`,
    };
  },

  summarize: ({ rollout, phases, deadline, days_left }) =>
    `Rollout ${rollout} started: ${phases.length - 1} departments and the closing policy, deadline ${deadline} (${days_left} days). ` +
    "Now call get_rollout and do what its next says.",
});

const A_LATER_DAY = "Give a day after today as YYYY-MM-DD.";

function dayFrom(text: string): CalendarDate {
  try {
    return calendarDate(text);
  } catch (cause) {
    throw new InputError("The deadline is not a calendar date.", { nextStep: A_LATER_DAY, cause });
  }
}

function notPast(deadline: CalendarDate, today: CalendarDate): CalendarDate {
  if (deadline > today) return deadline;
  throw new InputError(`The deadline is not after today (${today}).`, { nextStep: A_LATER_DAY });
}

/**
 * One rollout at a time for a customer: two would fight over the same policies and mail everyone twice. A finished one is
 * in the way of none but its own repetition: a host that was away when it ended asks for it as if it had never been.
 */
async function refuseSecond(
  store: ToolContext<never>["store"],
  wanted: { readonly customer: string; readonly procedure: string; readonly deadline: CalendarDate },
): Promise<void> {
  for (const id of await store.list()) {
    const { customer, savedProcedure, procedure, deadline } = await (await store.open(id)).state();
    if (customer !== wanted.customer) continue;
    if (savedProcedure === null) {
      throw new StateError(`A rollout for this customer is already under way: ${id}.`, {
        nextStep: `Go on with it: call get_rollout with ${id}.`,
        details: { rollout: id },
      });
    }
    if (procedure.id !== wanted.procedure || deadline !== wanted.deadline) continue;
    throw new StateError(`The rollout for this customer with this deadline is finished: ${id}.`, {
      nextStep: `See how it ended: call get_rollout with ${id}. A further rollout needs another deadline.`,
      details: { rollout: id },
    });
  }
}

function wrongOrder(problems: OrderProblems, known: readonly string[]): InputError {
  const parts = [
    problems.unknown.length > 0 && `HR has no department ${list(problems.unknown)}`,
    problems.empty.length > 0 && `nobody works in ${list(problems.empty)}`,
    problems.duplicate.length > 0 && `${list(problems.duplicate)} stands there twice`,
  ].filter((part) => part !== false);
  return new InputError(`The phase order cannot be used: ${parts.join("; ")}.`, {
    nextStep: `Use departments from HR: ${known.map((name) => untrusted(name)).join(", ")}.`,
  });
}

const list = (names: readonly string[]): string => names.map((name) => untrusted(name)).join(", ");
