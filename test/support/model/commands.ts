import fc from "fast-check";
import { z } from "zod";
import { call } from "./call.ts";
import { type Model, PHASES, type Real } from "./model.ts";
import { expectPromises } from "./promises.ts";
import { anybody, DEPARTMENTS, type Department, enrolAll, join, signInWithLegacyClient } from "./small-company.ts";
import { whatPeopleDo } from "./what-people-do.ts";

type Step = (model: Model, real: Real) => Promise<void>;

/** One thing that can happen. All can always happen: the server is what refuses. */
class Happening implements fc.AsyncCommand<Model, Real, true> {
  readonly #name: string;
  readonly #step: Step;

  constructor(name: string, step: Step) {
    this.#name = name;
    this.#step = step;
  }

  async check(): Promise<boolean> {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    await this.#step(model, real);
    await expectPromises(real.office, model);
    await expectAgreement(model, real);
  }

  toString(): string {
    return this.#name;
  }
}

const Where = z.object({
  next: z.object({
    do: z.enum(["call", "wait", "finished"]),
    tool: z.string().default(""),
    args: z.record(z.string(), z.string()).default({}),
    wait_for: z.string().default(""),
    until: z.string().optional(),
    finding_ids: z.array(z.string()).default([]),
    why: z.string(),
  }),
  phases: z.array(z.object({ phase: z.string(), policy: z.string() })),
  open_findings: z.array(z.object({ finding_id: z.string() })),
});

const look = async (model: Model, real: Real): Promise<z.output<typeof Where>> =>
  Where.parse((await call(model, real, { tool: "get_rollout" })).structured);

/** `get_rollout` says of every policy what the vendor has. */
async function expectAgreement(model: Model, real: Real): Promise<void> {
  for (const { phase, policy } of (await look(model, real)).phases) {
    const known = model.phases.get(phase);
    if (known !== undefined && policy !== known.policy) {
      throw new Error(`get_rollout says ${policy} of ${phase}, the tenant says ${known.policy}`);
    }
  }
}

/** Does what `next` says, with people who do their part; `true` when the rollout is finished. */
export async function followOnce(model: Model, real: Real): Promise<boolean> {
  const { office } = real;
  const { next } = await look(model, real);
  if (next.do === "finished") return true;
  if (next.do === "call") {
    const { rollout: _, ...args } = next.args;
    await call(model, real, { tool: next.tool, args });
  } else if (next.wait_for === "time" && next.until !== undefined) office.moveTo(next.until);
  else if (next.wait_for === "approval") await office.approvePending();
  else if (next.wait_for === "signoff") await signOff(model, real);
  else if (next.wait_for === "finding") await resolveAll(model, real);
  else await help(model, real);
  return false;
}

async function signOff(model: Model, { office }: Real): Promise<void> {
  if (model.table === null) return;
  await office.signOff(model.rollout);
  model.signed = model.table;
}

async function resolveAll(model: Model, real: Real): Promise<void> {
  const { world } = real.office.box;
  const { legacyClientUser } = z
    .object({ legacyClientUser: z.array(z.object({ id: z.string() })) })
    .parse(world.dump());
  for (const { id } of legacyClientUser) world.retireLegacyClient(id);
  for (const { finding_id } of (await look(model, real)).open_findings) {
    const how = { resolution: "remediated", by: "Priya Raman", why: "The old client was replaced." };
    await call(model, real, { tool: "resolve_finding", args: { finding: finding_id, ...how } });
  }
}

const Pitfalls = z.array(z.object({ finding_id: z.string(), may_be_accepted: z.boolean() }));

/** What people do who are waited for: all enrol, refused plans are signed after all, what may be accepted is. */
async function help(model: Model, real: Real): Promise<void> {
  const { office } = real;
  enrolAll(office.box.world);
  for (const tool of APPROVED_AGAIN) await office.approveAgain(tool);
  const { isError, structured } = await call(model, real, { tool: "check_tenant" });
  for (const { finding_id, may_be_accepted } of isError ? [] : Pitfalls.parse(structured.pitfalls)) {
    const how = { resolution: "accepted", by: "Priya Raman", why: "It locks nobody out." };
    if (!may_be_accepted) continue;
    await real.call("resolve_finding", { rollout: model.rollout, finding: finding_id, ...how });
    await office.approvePending();
    await real.call("resolve_finding", { rollout: model.rollout, finding: finding_id, ...how });
  }
  office.advance(24);
}

const APPROVED_AGAIN = [
  "request_signoff",
  "sync_psa_project",
  "open_helpdesk_channel",
  "apply_ca_policy",
  "send_phase_email",
  "answer_mfa_tickets",
  "update_dashboard",
  "chase_non_enrollees",
];

/** A fault that loses the answer to the next change at a vendor, so that nobody knows whether it happened. */
const LOST = { gmail: "gmail", graph: "graph", connectwise: "connectwise" } as const;

const phase = fc.constantFrom(...PHASES);
const department = fc.constantFrom(...DEPARTMENTS);

const impatient = fc.oneof(
  fc.record({
    tool: fc.constant("apply_ca_policy"),
    args: fc.record({ phase, state: fc.constantFrom("report_only", "enforced", "roll_back") }),
  }),
  fc.record({
    tool: fc.constant("send_phase_email"),
    args: fc.record({ phase, kind: fc.constantFrom("announcement", "reminder", "enforcement_notice") }),
  }),
  fc.record({ tool: fc.constantFrom("draft_ca_policy", "update_dashboard"), args: fc.record({ phase }) }),
  fc.record({
    tool: fc.constantFrom(
      "reconcile_users",
      "classify_exceptions",
      "request_signoff",
      "fetch_signin_logs",
      "open_helpdesk_channel",
      "answer_mfa_tickets",
      "chase_non_enrollees",
      "sync_psa_project",
    ),
    args: fc.constant({}),
  }),
);

const named = (name: string, step: Step): Happening => new Happening(name, step);

const following = fc.integer({ min: 6, max: 18 }).map((steps) =>
  named(`follow next ${steps} times`, async (model, real) => {
    for (let step = 0; step < steps; step++) {
      if (await followOnce(model, real)) return;
      await expectPromises(real.office, model);
    }
  }),
);

/** A call whose plan a person signs without a thought. */
const approved = ({ tool, args }: { readonly tool: string; readonly args: object }): Happening =>
  named(`have ${tool} ${JSON.stringify(args)} approved`, async (model, real) => {
    await call(model, real, { tool, args: { ...args } });
    await real.office.approvePending();
    await call(model, real, { tool, args: { ...args } });
  });

const TOO_EARLY = 3;
/** How many of the kinds of happening go on with the rollout: enough that a run comes to the late gates. */
const FOLLOWING = 6;

/** Everything that can happen in the model. */
export const happenings = [
  ...Array.from({ length: FOLLOWING }, () => following),
  impatient.map(({ tool, args }) =>
    named(
      `call ${tool} ${JSON.stringify(args)}`,
      async (model, real) => void (await call(model, real, { tool, args })),
    ),
  ),
  impatient.map(approved),
  // Too early an enforcement is what the gates are for, so it is tried more often than the rest.
  ...Array.from({ length: TOO_EARLY }, () =>
    phase.map((id) => approved({ tool: "apply_ca_policy", args: { phase: id, state: "enforced" } })),
  ),
  fc.constant(named("approve", async (_, { office }) => void (await office.approvePending()))),
  fc.constant(named("deny", async (_, { office }) => office.denyPending("Not now."))),
  fc.constant(named("sign off", signOff)),
  fc.constant(named("resolve findings", resolveAll)),
  fc
    .integer({ min: 1, max: 100 })
    .map((hours) => named(`wait ${hours} h`, async (_, { office }) => office.advance(hours))),
  department.map((to: Department) =>
    named(`joiner in ${to}`, async (model, { office }) => join(office.box.world, to, model.joiners++)),
  ),
  ...whatPeopleDo.map((one) =>
    one.map(({ name, happens }) => named(name, async (_, { office }) => happens(office.box.world))),
  ),
  fc.nat(30).map((number) =>
    named(`legacy sign-in of ${number}`, async (_, real) => {
      const somebody = anybody(real.office.box.world, number);
      if (somebody !== undefined) signInWithLegacyClient(real.office.box.world, somebody);
    }),
  ),
  fc
    .tuple(fc.nat(30), fc.integer({ min: 1, max: 12 }))
    .map(([number, days]) =>
      named(`exception for ${number}, ${days} days`, (model, real) => grant(model, real, { number, days })),
    ),
  fc.constant(
    named("the server dies and another starts", async (_, real) => {
      real.call = await real.office.connect();
    }),
  ),
  fc.constantFrom(...Object.values(LOST)).map((vendor) =>
    named(`an answer of ${vendor} is lost`, async (model, { office }) => {
      await office.box.fail({ vendor, kind: "lost_answer", method: "POST", times: 1 });
      for (const known of model.phases.values()) known.isCertain = false;
    }),
  ),
];

async function grant(
  model: Model,
  real: Real,
  { number, days }: { readonly number: number; readonly days: number },
): Promise<void> {
  const { world } = real.office.box;
  const somebody = anybody(real.office.box.world, number);
  const listed = await real.call("list_users", { rollout: model.rollout, limit: 50 });
  if (somebody === undefined || listed.isError) return;
  const rows = z.array(z.object({ user_id: z.string(), account: z.string() })).parse(listed.structured.users);
  const row = rows.find(({ account }) => account === somebody.account.userPrincipalName);
  if (row === undefined) return;
  const expires = new Date(world.now() + days * 86_400_000).toISOString().slice(0, 10);
  const override = {
    user_id: row.user_id,
    action: "add",
    kind: "other",
    reason: "Broken phone.",
    owner: "Priya Raman",
    expires,
  };
  model.excepted.add(somebody.account.id);
  await call(model, real, { tool: "classify_exceptions", args: { overrides: [override] } });
}
