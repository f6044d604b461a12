import { expect } from "vitest";
import type { Answer } from "../harness.ts";
import { expectEndedExceptionsGone } from "./exceptions-table.ts";
import { type Model, phaseIdOf, type Real } from "./model.ts";
import { expectEverybodyTold } from "./promises.ts";
import { colleagues, DEPARTMENTS } from "./small-company.ts";
import type { Transition } from "./tally.ts";

type Args = Readonly<Record<string, unknown>>;

const CODE = /^ERR_(INPUT|NOT_FOUND|STATE|GATE_CLOSED)$/;
const GATED = new Set(["send_phase_email", "chase_non_enrollees", "apply_ca_policy"]);

/** Calls a tool of the rollout, holds the answer against the model, and lets the model follow. */
export async function call(
  model: Model,
  real: Real,
  { tool, args = {} }: { tool: string; args?: Args },
): Promise<Answer> {
  const answer = await real.call(tool, { rollout: model.rollout, ...args });
  if (answer.isError) {
    expect(answer.structured.code, `${tool} ${JSON.stringify(args)}: ${answer.text}`).toMatch(CODE);
    return answer;
  }
  expectAllowed(model, { tool, args, answer });
  await follow(model, real, { tool, args, answer });
  return answer;
}

interface Called {
  readonly tool: string;
  readonly args: Args;
  readonly answer: Answer;
}

/** What the model knows to be refused must not have been answered. */
function expectAllowed({ table, signed, phases }: Model, { tool, args, answer }: Called): void {
  const phase = phases.get(String(args.phase));
  const isSigned = table !== null && table === signed;
  const rollsBack = args.state === "roll_back";
  if (GATED.has(tool) && args.preview !== true && !rollsBack) expect(isSigned, `${tool} before consent`).toBe(true);
  if (tool !== "apply_ca_policy" || phase?.isCertain !== true) return;
  if (args.state === "enforced" || rollsBack) expect(phase.policy, answer.text).not.toBe("none");
  if (args.state === "report_only") expect(phase.policy, answer.text).not.toBe("enforced");
}

async function follow(model: Model, { office }: Real, { tool, args, answer }: Called): Promise<void> {
  const { status, table_artifact } = answer.structured;
  const phase = model.phases.get(String(args.phase));
  if (tool === "reconcile_users") noteListed(model, office.box.world);
  if (tool === "classify_exceptions") {
    model.table = String(table_artifact);
    await expectEndedExceptionsGone(model, office);
  }
  if (status !== "done" || phase === undefined) return;
  if (tool === "apply_ca_policy") {
    const applied = APPLIED[String(args.state)];
    if (applied !== undefined) model.tally.happened(applied);
    phase.policy = args.state === "enforced" ? "enforced" : "report_only";
  }
  if (tool === "send_phase_email" && args.kind === "announcement") {
    model.tally.happened("announced");
    await expectEverybodyTold(office, model, phase);
  }
}

const APPLIED: Readonly<Record<string, Transition>> = {
  report_only: "report-only",
  enforced: "enforced",
  roll_back: "rolled back",
};

/** Whom the announcement of each department has to reach: whoever works there now and is neither away nor excepted. */
function noteListed(model: Model, world: Real["office"]["box"]["world"]): void {
  const away = /leave/i;
  const absent = new Set(world.timeOff.map(({ employeeId }) => employeeId));
  for (const department of DEPARTMENTS) {
    const phase = model.phases.get(phaseIdOf(department));
    if (phase === undefined) continue;
    const present = colleagues(world)
      .filter(({ employee }) => employee.department === department)
      .filter(({ employee }) => !away.test(employee.employmentStatus) && !absent.has(employee.id));
    phase.listed = new Map(
      present.flatMap(({ account: { id, mail } }) => (mail === null ? [] : [[id, mail] as const])),
    );
  }
}
