import { z } from "zod";
import type { World } from "../../src/sandbox/world/world.ts";
import { type Answer, type Call, DEADLINE } from "./harness.ts";
import type { officeOf } from "./rollout-office.ts";

const Where = z.object({
  next: z.object({
    do: z.enum(["call", "wait", "finished"]),
    tool: z.string().default(""),
    args: z.record(z.string(), z.string()).default({}),
    wait_for: z.string().optional(),
    until: z.string().optional(),
    finding_ids: z.array(z.string()).default([]),
    why: z.string(),
  }),
  phases: z.array(z.object({ phase: z.string(), policy: z.string(), enforcement_date: z.string() })),
});
type Where = z.output<typeof Where>;

/** Sales alone is larger than what tests want to wait for, so IT comes first and the small ones follow. */
const ORDER = ["IT", "Finance", "Operations", "Sales", "Engineering"];

/** More steps than any stage of a rollout takes. */
const MOST_STEPS = 300;

/** Brings a rollout to a stage by doing what `get_rollout` says, with people who sign whatever they are asked. */
export function guideOf(from: {
  readonly call: Call;
  readonly office: ReturnType<typeof officeOf>;
  readonly world: World;
  moveTo(now: string): void;
}) {
  const { call, office, world } = from;

  const done = async (tool: string, args: Readonly<Record<string, unknown>>): Promise<Answer> => {
    const answer = await call(tool, args);
    if (answer.isError) throw new Error(`${tool}: ${answer.text}`);
    return answer;
  };

  async function start(deadline = DEADLINE): Promise<string> {
    const { structured } = await done("start_rollout", { customer: "larkfield", deadline, phase_order: ORDER });
    return String(structured.rollout);
  }

  async function untilExceptionsSigned(deadline = DEADLINE): Promise<string> {
    const rollout = await start(deadline);
    await done("reconcile_users", { rollout });
    await done("classify_exceptions", { rollout });
    await office.signOff(rollout);
    return rollout;
  }

  async function withApproval(tool: string, args: Readonly<Record<string, unknown>>): Promise<Answer> {
    await done(tool, args);
    await office.approvePending();
    return done(tool, args);
  }

  const look = async (rollout: string): Promise<Where> =>
    Where.parse((await done("get_rollout", { rollout })).structured);

  async function step(rollout: string, { next }: Where): Promise<void> {
    if (next.do === "call") return void (await done(next.tool, next.args));
    if (next.wait_for === "time" && next.until !== undefined) return from.moveTo(next.until);
    if (next.wait_for === "approval") return void (await office.approvePending());
    if (next.wait_for === "signoff") return office.signOff(rollout);
    if (next.wait_for !== "finding") throw new Error(`nobody here can help: ${next.why}`);
    for (const finding of next.finding_ids) {
      for (const { id } of legacyUsers(world)) world.retireLegacyClient(id);
      const how = { resolution: "remediated", by: "Priya Raman", why: "The old client was replaced." };
      await done("resolve_finding", { rollout, finding, ...how });
    }
  }

  async function until(rollout: string, reached: (where: Where) => boolean): Promise<void> {
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      const where = await look(rollout);
      if (reached(where)) return;
      if (where.next.do === "finished") throw new Error("the rollout ended before the stage that the test wants");
      await step(rollout, where);
    }
    throw new Error("the rollout never came to the stage that the test wants");
  }

  /** Until the rollout says to call this tool with (at least) these arguments; it is not called. */
  const untilNext = (rollout: string, tool: string, args: Readonly<Record<string, string>> = {}): Promise<void> =>
    until(
      rollout,
      ({ next }) =>
        next.do === "call" &&
        next.tool === tool &&
        Object.entries(args).every(([name, value]) => next.args[name] === value),
    );

  return {
    start,
    look,
    until,
    untilNext,
    /** A rollout whose canonical list has been read. */
    async reconciled(deadline = DEADLINE): Promise<string> {
      const rollout = await start(deadline);
      await done("reconcile_users", { rollout });
      return rollout;
    },
    /** A rollout whose exceptions the customer has signed off. Nobody has been mailed. */
    untilExceptionsSigned,
    /** Calls a tool, has its plan signed, and calls it again. */
    withApproval,
    /** Goes on by `next` until the phase's policy is in report-only. */
    untilReportOnly: (rollout: string, phase: string): Promise<void> =>
      until(rollout, ({ phases }) => phases.some((row) => row.phase === phase && row.policy === "report_only")),
    /** Lets an announced, report-only phase come to its date with fresh evidence, its legacy clients replaced. */
    async untilGatesOpen(rollout: string, phase: string): Promise<void> {
      for (const { id } of legacyUsers(world)) world.retireLegacyClient(id);
      const { phases } = await look(rollout);
      const date = phases.find((row) => row.phase === phase)?.enforcement_date;
      from.moveTo(`${date}T15:00:00Z`);
      await done("reconcile_users", { rollout });
      await done("classify_exceptions", { rollout });
      await office.signOff(rollout);
      await done("fetch_signin_logs", { rollout });
      await done("check_tenant", { rollout });
      await done("foresee_lockouts", { rollout, phase });
    },
    /** A rollout whose IT is announced and report-only, on the shortest way: no channel, no project, no closing policy. */
    async withItReportOnly(): Promise<string> {
      const rollout = await untilExceptionsSigned();
      await done("draft_ca_policy", { rollout, phase: "phase_it" });
      await withApproval("send_phase_email", { rollout, phase: "phase_it", kind: "announcement" });
      await withApproval("apply_ca_policy", { rollout, phase: "phase_it", state: "report_only" });
      return rollout;
    },
  };
}

const Legacy = z.object({ legacyClientUser: z.array(z.object({ id: z.string() })) });
const legacyUsers = (world: World) => Legacy.parse(world.dump()).legacyClientUser;
