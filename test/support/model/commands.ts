import fc from "fast-check";
import { call } from "./call.ts";
import { crash } from "./crash.ts";
import { ANY, type Death } from "./doomed-server.ts";
import { expire, grant } from "./exceptions.ts";
import { followOnce, look, resolveAll, signOff } from "./follow.ts";
import { type Model, PHASES, phaseIdOf, type Real } from "./model.ts";
import { expectPromises } from "./promises.ts";
import {
  anybody,
  colleagues,
  DEPARTMENTS,
  type Department,
  join,
  leave,
  signInWithLegacyClient,
} from "./small-company.ts";
import { FEWEST, whatPeopleDo } from "./what-people-do.ts";

type Step = (model: Model, real: Real) => Promise<void>;

/** One thing that can happen. All can always happen: the server is what refuses. */
class Happening implements fc.AsyncCommand<Model, Real, true> {
  readonly #kind: string;
  readonly #detail: string;
  readonly #step: Step;

  /** @param name - Its kind, and after a colon what tells it from others of the kind. */
  constructor(name: string, step: Step) {
    const [kind = "", ...detail] = name.split(": ");
    this.#kind = kind;
    this.#detail = detail.join(": ");
    this.#step = step;
  }

  async check(): Promise<boolean> {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    model.tally.tried(this.#kind);
    await this.#step(model, real);
    await expectPromises(real.office, model);
    await expectAgreement(model, real);
  }

  toString(): string {
    return `${this.#kind} ${this.#detail}`.trim();
  }
}

/** `get_rollout` says of every policy what the vendor has, but of one whose change was cut off: its tool asks for that. */
async function expectAgreement(model: Model, real: Real): Promise<void> {
  const { effects } = await (await real.office.office.parts.store.open(model.rollout)).state();
  const cutOff = [...effects.values()].flatMap(({ key, status }) => (status === "done" ? [] : [key.split("/")]));
  for (const { phase, policy } of (await look(model, real)).phases) {
    const known = model.phases.get(phase);
    if (cutOff.some(([, kind, of]) => kind?.startsWith("policy") && of === phase)) continue;
    if (known !== undefined && policy !== known.policy) {
      throw new Error(`get_rollout says ${policy} of ${phase}, the tenant says ${known.policy}`);
    }
  }
}

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

const follow = (steps: number): Happening =>
  named(`follow next: ${steps} times`, async (model, real) => {
    for (let step = 0; step < steps; step++) {
      if (await followOnce(model, real)) return;
      await expectPromises(real.office, model);
    }
  });
const following = fc.integer({ min: 6, max: 18 }).map(follow);

/** A call whose plan a person signs without a thought. */
const approved = ({ tool, args }: { readonly tool: string; readonly args: object }): Happening =>
  named(`have approved: ${tool} ${JSON.stringify(args)}`, async (model, real) => {
    await call(model, real, { tool, args: { ...args } });
    await real.office.approvePending();
    await call(model, real, { tool, args: { ...args } });
  });

const leaver = (number: number): Happening =>
  named(`leaver: ${number}`, async ({ tally }, { office: { box } }) => {
    const somebody = anybody(box.world, number);
    if (somebody === undefined || colleagues(box.world).length <= FEWEST) return;
    leave(box.world, somebody);
    tally.happened("leaver");
  });
const joiner = (to: Department): Happening =>
  named(`joiner: in ${to}`, async (model, { office }) => {
    if (join(office.box.world, to, model.joiners++)) model.tally.happened("joiner");
  });
const exception = (whose: { readonly number: number; readonly days: number }): Happening =>
  named(`exception: for ${whose.number}, ${whose.days} days`, (model, real) => grant(model, real, whose));
const dying = (death: Death): Happening =>
  named(`crash: ${JSON.stringify(death)}`, (model, real) => crash(model, real, death));

const POLICY_MADE = "/conditionalAccess/policies$";
/** What a server is killed at: anything, or one of the changes that it must find again. */
const FATAL = [
  { method: "GET", path: ANY, nth: 9 },
  { method: "POST", path: ANY, nth: 5 },
  { method: "PATCH", path: ANY, nth: 2 },
  { method: "POST", path: "/groups$", nth: 2 },
  { method: "POST", path: POLICY_MADE, nth: 1 },
  { method: "POST", path: "/drafts(/send)?$", nth: 5 },
  { method: "POST", path: "/(channels|tabs|messages)$", nth: 2 },
  { method: "POST", path: "/(projects|phases|tickets|notes)$", nth: 3 },
  { method: "POST", path: "/rows$", nth: 1 },
] as const;
const deaths: fc.Arbitrary<Death> = fc.constantFrom(...FATAL).chain(({ method, path, nth }) =>
  fc.record({
    method: fc.constant(method),
    path: fc.constant(path),
    nth: fc.integer({ min: 1, max: nth }),
    isCarriedOut: fc.boolean(),
    within: fc.constant(15),
  }),
);
const CRASHING = 2;

const TOO_EARLY = 3;
/** How many of the kinds of happening go on with the rollout: enough that a run comes to the late gates. */
const FOLLOWING = 6;

/** Everything that can happen in the model. */
export const happenings = [
  ...Array.from({ length: FOLLOWING }, () => following),
  impatient.map(({ tool, args }) =>
    named(
      `call: ${tool} ${JSON.stringify(args)}`,
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
    .map((hours) => named(`wait: ${hours} h`, async (_, { office }) => office.advance(hours))),
  department.map(joiner),
  fc.nat(30).map(leaver),
  ...whatPeopleDo.map((one) =>
    one.map(({ name, happens }) => named(name, async (_, { office }) => happens(office.box.world))),
  ),
  fc.nat(30).map((number) =>
    named(`legacy sign-in: of ${number}`, async (_, real) => {
      const somebody = anybody(real.office.box.world, number);
      if (somebody !== undefined) signInWithLegacyClient(real.office.box.world, somebody);
    }),
  ),
  fc.record({ number: fc.nat(30), days: fc.integer({ min: 1, max: 12 }) }).map(exception),
  fc.constant(named("an exception ends", expire)),
  ...Array.from({ length: CRASHING }, () => deaths.map(dying)),
  fc.constantFrom(...Object.values(LOST)).map((vendor) =>
    named(`an answer is lost: of ${vendor}`, async (model, { office }) => {
      await office.box.fail({ vendor, kind: "lost_answer", method: "POST", times: 1 });
      for (const known of model.phases.values()) known.isCertain = false;
    }),
  ),
];

/**
 * What chance may leave out or bring too early to succeed: it follows the rest, so that all of it really happens. What
 * is certain to happen on the way to the end (announced, report-only, enforced) is left to it.
 */
export const surely: readonly Happening[] = [
  follow(5),
  joiner("Sales"),
  leaver(1),
  exception({ number: 2, days: 9 }),
  dying({ method: "POST", path: POLICY_MADE, nth: 1, isCarriedOut: true, within: 80 }),
  named("an exception ends", expire),
];

/** Takes back the first phase, which is enforced by then. */
export const rollBack: Happening = approved({
  tool: "apply_ca_policy",
  args: { phase: phaseIdOf(DEPARTMENTS[0]), state: "roll_back" },
});
